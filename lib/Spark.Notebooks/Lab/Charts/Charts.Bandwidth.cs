namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Recorded links, and assumed ones beside them: the bandwidth that a message of each size got.</summary>
    public static Chart Bandwidth(string title, params IReadOnlyList<RecordedLinks> recorded)
    {
        Link[] links = [.. recorded.SelectMany(one => one.Links)];
        var measured = links.Where(link => link.Points.Count > 1).ToArray();
        var (least, most) = (measured.Min(link => link.Points[0].Size), measured.Max(link => link.Points[^1].Size));
        ByteSize[] sizes = [.. Enumerable.Range(0, 40).Select(i => new ByteSize((long)(least.Bytes * Math.Pow((double)most.Bytes / least.Bytes, i / 39.0))))];
        return ChartLayout.Chart(
            $"Recorded: {title}",
            string.Join("; ", measured.Select(link => $"{link.Name} {Figures.Si(link.BytesPerSecond(link.Points[0].Size), "B/s")} at {link.Points[0].Size}, {Figures.Si(link.PeakBytesPerSecond, "B/s")} at {link.Points[^1].Size}")),
            Provenance.All(recorded.Select(one => one.Provenance)),
            plotHeight: 380,
            [.. links.Select(link => Rate(link, link.Points.Count > 1 ? [.. link.Points.Select(point => point.Size)] : sizes))],
            new
            {
                xaxis = ChartLayout.Axis("message", SizeTicks(sizes.Append(least).Append(most).Concat(measured.SelectMany(link => link.Points.Select(point => point.Size))).Where(size => long.IsPow2(size.Bytes)))),
                yaxis = ChartLayout.Axis("bandwidth (GB/s)", new { type = "log", tickvals = RateTicks, ticktext = RateTicks.Select(tick => $"{tick}") }),
            },
            links.Any(link => link.Points.Count == 1) ? "Marks: measured at that size; lines without marks: a latency and one bandwidth" : "");
    }

    static readonly double[] RateTicks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

    static object Rate(Link link, ByteSize[] sizes)
    {
        var style = LinkStyle.Of(link);
        return new
        {
            type = "scatter",
            mode = link.Points.Count > 1 ? "lines+markers" : "lines",
            name = link.Name,
            x = sizes.Select(size => size.Bytes),
            y = sizes.Select(size => link.BytesPerSecond(size) / 1e9),
            line = new { color = style.Colour, width = link.IsAssumed ? 1.5 : 2.5, dash = style.Dash },
            marker = new { color = style.Colour, size = 8, symbol = style.Symbol },
            customdata = sizes.Select(size => $"{size}"),
            hovertemplate = "%{customdata}: %{y:.3g} GB/s<extra>" + link.Name + "</extra>",
        };
    }
}
