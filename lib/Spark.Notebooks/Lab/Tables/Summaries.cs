using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Measurements as tables, by <c>vllm bench serve</c>'s definitions.</summary>
public static class Summaries
{
    public static Table Summary(this LoadRun run) => new(
        $"One run: {run.Name}",
        new(
            Words("metric", ["TTFT (ms)", "ITL (ms)", "TPOT (ms)", "E2EL (ms)"]),
            Numbers("median", Each(run, latency => latency.Median)),
            Numbers("p90", Each(run, latency => latency.P90)),
            Numbers("p99", Each(run, latency => latency.P99)),
            Numbers("lowest", Each(run, latency => latency.Min)),
            Numbers("highest", Each(run, latency => latency.Max)),
            Numbers("values", Each(run, latency => latency.Count))),
        Provenance.Of(run));

    /// <summary>Runs at several concurrencies, a row each: medians over the repeats.</summary>
    public static Table Summary(this IReadOnlyList<RepeatedRun> runs, string title) => new(
        title,
        new(
            Numbers("in flight", runs.Select(repeated => (double)repeated.Runs[0].Concurrency)),
            Column("output (tok/s)", runs, run => run.OutputTokensPerSecond),
            Column("TTFT p50 (ms)", runs, run => run.Ttft.Median),
            Column("TTFT p99 (ms)", runs, run => run.Ttft.P99),
            Column("ITL p50 (ms)", runs, run => run.Itl.Median),
            Column("ITL p99 (ms)", runs, run => run.Itl.P99),
            Column("E2EL p50 (ms)", runs, run => run.E2el.Median),
            Numbers("spread of output (%)", runs.Select(repeated => Spread(repeated.OutputTokensPerSecond)))),
        Provenance.Of(runs));

    public static Table Summary(this Sweep sweep) => new(
        $"{sweep.Metric} over {sweep.Axis}",
        new(
            Numbers(sweep.Axis, sweep.Points.Select(point => (double)point.Tokens)),
            Numbers("median (ms)", sweep.Points.Select(point => point.Latency.Median)),
            Numbers("p10 (ms)", sweep.Points.Select(point => point.Latency.Percentile(10))),
            Numbers("p90 (ms)", sweep.Points.Select(point => point.Latency.P90)),
            Numbers("repeats", sweep.Points.Select(point => (double)point.Repeats.Count))),
        Provenance.Of(sweep));

    /// <summary>Recorded batches, a row each.</summary>
    public static Table Summary(this IReadOnlyList<RecordedBatch> batches) => new(
        "Recorded: requests sent at once, and all waited for",
        new(
            Numbers("requests", batches.Select(batch => (double)batch.Requests)),
            Numbers("output tokens", batches.Select(batch => (double)batch.OutputTokens)),
            Numbers("wall time (s)", batches.Select(batch => batch.WallTime.TotalSeconds)),
            Numbers("output (tok/s)", batches.Select(batch => batch.OutputTokensPerSecond))),
        batches[0].Provenance);

    static IEnumerable<double> Each(LoadRun run, Func<Distribution, double> figure) =>
        new[] { run.Ttft, run.Itl, run.Tpot, run.E2el }.Select(latency => latency.Count > 0 ? figure(latency) : double.NaN);

    static Microsoft.Data.Analysis.DoubleDataFrameColumn Column(string name, IReadOnlyList<RepeatedRun> runs, Func<LoadRun, double> figure) =>
        Numbers(name, runs.Select(repeated => repeated.Of(figure, "").Median));

    /// <summary>Highest less lowest repeat, in percent of the median.</summary>
    static double Spread(Distribution values) => 100 * (values.Max - values.Min) / values.Median;
}
