namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Pulls between two nodes over message size: time left, bandwidth right.</summary>
    public static Chart Links(params IReadOnlyList<NodeLink> links)
    {
        var ticks = SizeTicks(links.SelectMany(link => link.Messages.Select(message => message.Size)));
        return ChartLayout.Chart(
            "Moving bytes between two nodes, by transport",
            string.Join("; ", links.Select(link => $"over {link.Transport} {link.Messages[0].Size} in {Figures.Show(link.Curve.Points[0].Time.TotalMicroseconds, "µs")}, "
                + $"{Figures.Si(link.Curve.PeakBytesPerSecond, "B/s")} at {link.Messages[^1].Size}, {Figures.Show(link.SourceCpuPerGigabyte.TotalMilliseconds, "ms")} of the source's computing a GB")),
            Provenance.Of(links[0]),
            plotHeight: 330,
            [
                .. links.Select(link => Pulls(link, "", message => message.Microseconds, "µs")),
                .. links.Select(link => Pulls(link, "2", message => new(message.Microseconds.Values.Select(time => message.Size.Bytes / (1e3 * time)), ""), "GB/s")),
            ],
            new
            {
                xaxis = ChartLayout.Axis("message", PlotlyJson.Merge(ticks, new { domain = new[] { 0, 0.45 } })),
                yaxis = ChartLayout.Axis("time of one pull (µs)", new { type = "log", dtick = 1 }),
                xaxis2 = ChartLayout.Axis("message", PlotlyJson.Merge(ticks, new { domain = new[] { 0.55, 1 } })),
                yaxis2 = ChartLayout.Axis("bandwidth (GB/s)", new { anchor = "x2", type = "log", dtick = 1 }),
            },
            "Medians, bars: 10th to 90th percentile");
    }

    static object Pulls(NodeLink link, string axes, Func<(ByteSize Size, Distribution Microseconds), Distribution> figure, string unit)
    {
        Distribution[] values = [.. link.Messages.Select(figure)];
        var colour = link.Transport == "tcp" ? Palette.Tcp : Palette.Shm;
        return new
        {
            type = "scatter",
            mode = "lines+markers",
            name = link.Transport,
            legendgroup = link.Transport,
            showlegend = axes.Length == 0,
            xaxis = "x" + axes,
            yaxis = "y" + axes,
            x = link.Messages.Select(message => message.Size.Bytes),
            y = values.Select(value => value.Median),
            error_y = Spread(values, colour),
            line = new { color = colour, width = 2 },
            marker = new { color = colour, size = 9, symbol = link.Transport == "tcp" ? "circle" : "diamond" },
            customdata = link.Messages.Select(message => $"{message.Size}"),
            hovertemplate = "%{customdata}: %{y:.3g} " + unit + "<extra>" + link.Transport + "</extra>",
        };
    }

    /// <summary>A logarithmic axis of bytes, marked at as many of the sizes as leave room for their names.</summary>
    static System.Text.Json.Nodes.JsonObject SizeTicks(IEnumerable<ByteSize> sizes)
    {
        const int mostMarks = 5;
        var marks = new List<ByteSize>();
        ByteSize[] all = [.. sizes.Distinct().Order()];
        var apart = Math.Log((double)all[^1].Bytes / all[0].Bytes) / mostMarks;
        foreach (var size in all.Where(size => marks.Count == 0 || Math.Log((double)size.Bytes / marks[^1].Bytes) >= apart))
            marks.Add(size);
        return PlotlyJson.Merge(new { type = "log" }, new { tickvals = marks.Select(mark => mark.Bytes), ticktext = marks.Select(mark => $"{mark}") });
    }
}
