namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Share of requests that took no longer than so long, all repeats pooled, a step line an architecture.</summary>
    /// <param name="name">Of the latency, such as <c>TTFT</c>.</param>
    public static Chart Cdf(string name, IReadOnlyList<StudyCell> cells, Func<RequestTimeline, TimeSpan> latency) => Cdf(
        FormattableString.Invariant($"{name} of every request: {cells[0].Mix} at {cells[0].RequestsPerSecond:0.#} requests/s"), name, [.. cells.Select(cell => cell.Runs)], latency);

    public static Chart Cdf(string title, string name, IReadOnlyList<RepeatedRun> runs, Func<RequestTimeline, TimeSpan> latency)
    {
        Distribution[] values = [.. runs.Select(repeated => repeated.Pooled(latency))];
        return ChartLayout.Chart(
            title,
            string.Join("; ", runs.Zip(values, (repeated, value) => $"{repeated.Target.Architecture} median {Figures.Show(value.Median)}, p90 {Figures.Show(value.P90, "ms")} ({value.Count} requests)")),
            Provenance.Of(runs, "all repeats pooled"),
            plotHeight: 280,
            [.. runs.Select((repeated, i) => new
            {
                type = "scatter",
                mode = "lines",
                name = repeated.Target.Architecture,
                x = values[i].Values.Order(),
                y = Enumerable.Range(1, values[i].Count).Select(rank => 100.0 * rank / values[i].Count),
                line = new { color = Palette.Of(repeated.Target.Architecture, i), width = 2.5, shape = "hv" },
                hovertemplate = "%{y:.0f} % within %{x:.1f} ms<extra>" + repeated.Target.Architecture + "</extra>",
            })],
            new
            {
                xaxis = ChartLayout.Axis($"{name} (ms)", new { rangemode = "tozero" }),
                yaxis = ChartLayout.Axis("requests (%)", new { range = new[] { 0, 102 } }),
            });
    }

    /// <summary>The time of one KV transfer, what it reached, and the TTFT, by transport.</summary>
    public static Chart Transport(TransportStudy study) => Bars(
        "KV transfer by transport",
        string.Join("; ", study.Runs.Select(runs => $"{runs.Target.Transport} {Figures.Show(runs.Of(TransportStudy.Milliseconds, "ms").Median, "ms")} a transfer, {Figures.Show(runs.Of(TransportStudy.BytesPerSecond, "").Median / 1e9, "GB/s")}")),
        study.Provenance,
        [.. study.Runs.Select(runs => (runs.Target.Transport ?? "none", runs))],
        ("one transfer", TransportStudy.Milliseconds, "ms"),
        ("bandwidth reached", run => TransportStudy.BytesPerSecond(run) / 1e9, "GB/s"),
        ("median TTFT", Metric.MedianTtft.Of, "ms"));
}
