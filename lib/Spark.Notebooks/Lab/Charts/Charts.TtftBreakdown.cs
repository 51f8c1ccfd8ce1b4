namespace Spark.Notebooks;

public static partial class Charts
{
    static readonly string[] PartColours = [Palette.Waiting, Palette.Prefill, Palette.Transfer, "#F0E442", Palette.Decode, Palette.Grid];

    /// <summary>Where the mean time to first token went, a stacked bar an architecture.</summary>
    public static Chart TtftBreakdown(params IReadOnlyList<TtftBreakdown> all) => ChartLayout.Chart(
        "Where the mean time to first token goes",
        string.Join("; ", all.Select(one => $"{one.Name} {Figures.Show(one.Total, "ms")}, of which {string.Join(" and ", one.Parts.OrderByDescending(part => part.Ms).Take(2).Select(part => $"{part.Part} {Figures.Show(part.Ms)}"))}")),
        Notebooks.TtftBreakdown.Source(all),
        plotHeight: 80 + (55 * all.Count),
        [.. all[0].Parts.Select((part, i) => Part(part.Part, PartColours[i], all.Select(one => one.Name), all.Select(one => Math.Max(0, one.Parts.ElementAt(i).Ms))))],
        new
        {
            barmode = "stack",
            legend = new { traceorder = "normal" },
            xaxis = ChartLayout.Axis("mean TTFT (ms)", new { rangemode = "tozero" }),
            yaxis = ChartLayout.Axis("architecture", new { type = "category", autorange = "reversed" }),
        });
}
