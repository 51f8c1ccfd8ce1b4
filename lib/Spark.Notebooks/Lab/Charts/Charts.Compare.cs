namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>One figure of several runs side by side: median, with the lowest and the highest repeat.</summary>
    public static Chart Compare(string figure, Provenance provenance, params (string Name, Distribution Value)[] bars) => ChartLayout.Chart(
        figure,
        string.Join(", ", bars.Select(bar => $"{bar.Name} {Figures.Show(bar.Value.Median, bar.Value.Unit)}")),
        provenance,
        plotHeight: 260,
        [
            new
            {
                type = "bar",
                x = bars.Select(bar => bar.Name),
                y = bars.Select(bar => bar.Value.Median),
                text = bars.Select(bar => Figures.Show(bar.Value.Median)),
                textposition = "inside",
                insidetextanchor = "start",
                width = 0.5,
                marker = new { color = bars.Select((bar, index) => Palette.Of(bar.Name, index)) },
                error_y = new
                {
                    type = "data",
                    symmetric = false,
                    array = bars.Select(bar => bar.Value.Max - bar.Value.Median),
                    arrayminus = bars.Select(bar => bar.Value.Median - bar.Value.Min),
                    color = Palette.Neutral,
                    thickness = 1.5,
                },
                showlegend = false,
            },
        ],
        new
        {
            xaxis = ChartLayout.Axis("", new { type = "category" }),
            yaxis = ChartLayout.Axis(bars[0].Value.Unit, new { rangemode = "tozero" }),
        },
        $"Bars: median of {bars.Min(bar => bar.Value.Count)} repeats; lines: lowest to highest");
}
