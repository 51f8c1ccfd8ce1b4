namespace Spark.Notebooks;

/// <summary>Measurements as the series that a results file keeps.</summary>
public static class SeriesExtensions
{
    public static Series ToSeries(this Sweep sweep) => new()
    {
        Name = sweep.Metric,
        X = sweep.Axis,
        Unit = sweep.Points[0].Latency.Unit,
        Provenance = Provenance.Of(sweep).Text,
        Points = [.. sweep.Points.Select(point => new SeriesPoint(point.Tokens, point.Latency.Values))],
    };

    /// <summary>One figure of runs at several concurrencies, such as <c>run => run.Ttft.P99</c>.</summary>
    public static Series ToSeries(this IEnumerable<RepeatedRun> runs, string name, string unit, Func<LoadRun, double> figure)
    {
        RepeatedRun[] all = [.. runs];
        return new()
        {
            Name = name,
            X = "requests in flight",
            Unit = unit,
            Provenance = Provenance.Of(all[0].Runs[0]).Text,
            Points = [.. all.Select(repeated => new SeriesPoint(repeated.Runs[0].Concurrency, repeated.Of(figure, unit).Values))],
        };
    }

    /// <summary>What a comparison needs of runs at several concurrencies: throughput, TTFT, ITL and end-to-end latency.</summary>
    public static IEnumerable<Series> ToSeries(this IReadOnlyList<RepeatedRun> runs, string name) =>
    [
        runs.ToSeries($"{name}: output throughput", "tokens/s", run => run.OutputTokensPerSecond),
        runs.ToSeries($"{name}: median TTFT", "ms", run => run.Ttft.Median),
        runs.ToSeries($"{name}: median ITL", "ms", run => run.Itl.Median),
        runs.ToSeries($"{name}: p99 ITL", "ms", run => run.Itl.P99),
        runs.ToSeries($"{name}: median E2EL", "ms", run => run.E2el.Median),
    ];
}
