namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>What each node keeps up alone and while all work: multiply-adds left, reads right.</summary>
    public static Chart Contention(Contention contention)
    {
        string[] nodes = [.. contention.Alone.Select(rates => rates.Node)];
        return ChartLayout.Chart(
            "Do the nodes take from one another?",
            (contention.IsDisturbed ? "cannot be told from this run, in which other programs were at work: " : "") + "while all work, " + string.Join("; ", nodes.Select(node => $"{node} keeps {contention.KeptFlop(node):0 %} of its multiply-adds and {contention.KeptReads(node):0 %} of its reads")),
            Provenance.Of(contention),
            plotHeight: 270,
            [
                Rates("alone", Palette.Single, "", 1e9, contention.Alone, rates => rates.FlopPerSecond),
                Rates("all at once", Palette.Replicated, "", 1e9, contention.Together, rates => rates.FlopPerSecond),
                Rates("alone", Palette.Single, "2", 1e9, contention.Alone, rates => rates.ReadBytesPerSecond),
                Rates("all at once", Palette.Replicated, "2", 1e9, contention.Together, rates => rates.ReadBytesPerSecond),
            ],
            new
            {
                barmode = "group",
                xaxis = ChartLayout.Axis("multiply-adds, by node", new { type = "category", domain = new[] { 0, 0.45 } }),
                yaxis = ChartLayout.Axis("GFLOP/s", new { rangemode = "tozero" }),
                xaxis2 = ChartLayout.Axis("reads, by node", new { type = "category", domain = new[] { 0.55, 1 } }),
                yaxis2 = ChartLayout.Axis("GB/s", new { anchor = "x2", rangemode = "tozero" }),
            },
            "Bars: median; lines: 10th to 90th percentile of the slices");
    }

    static object Rates(string name, string colour, string axes, double unit, IReadOnlyList<NodeRates> rates, Func<NodeRates, Distribution> figure)
    {
        Distribution[] values = [.. rates.Select(node => new Distribution(figure(node).Values.Select(value => value / unit), ""))];
        return new
        {
            type = "bar",
            name,
            legendgroup = name,
            showlegend = axes.Length == 0,
            xaxis = "x" + axes,
            yaxis = "y" + axes,
            x = rates.Select(node => node.Node),
            y = values.Select(value => value.Median),
            error_y = Spread(values, Palette.Neutral),
            marker = new { color = colour },
            hovertemplate = "%{x}: %{y:.1f}<extra>" + name + "</extra>",
        };
    }
}
