namespace Spark.Notebooks;

/// <summary>One figure of a run, by <c>vllm bench serve</c>'s definitions, and which way is better.</summary>
public sealed record Metric(string Name, string Unit, bool HigherIsBetter, Func<LoadRun, double> Of)
{
    public static Metric OutputThroughput { get; } = new("output throughput", "tokens/s", true, run => run.OutputTokensPerSecond);
    public static Metric RequestThroughput { get; } = new("request throughput", "requests/s", true, run => run.RequestsPerSecond);
    public static Metric MeanTtft { get; } = new("mean TTFT", "ms", false, run => run.Ttft.Mean);
    public static Metric MedianTtft { get; } = new("median TTFT", "ms", false, run => run.Ttft.Median);
    public static Metric P90Ttft { get; } = new("p90 TTFT", "ms", false, run => run.Ttft.P90);
    public static Metric P99Ttft { get; } = new("p99 TTFT", "ms", false, run => run.Ttft.P99);
    public static Metric MedianItl { get; } = new("median ITL", "ms", false, run => run.Itl.Median);
    public static Metric P99Itl { get; } = new("p99 ITL", "ms", false, run => run.Itl.P99);
    public static Metric MedianE2el { get; } = new("median E2EL", "ms", false, run => run.E2el.Median);

    /// <summary>Good requests a second.</summary>
    public static Metric Goodput(Slo slo) => new($"goodput with {slo}", "requests/s", true, run => run.Goodput(slo).RequestsPerSecond) { OneRequest = run => 1 / run.OfferedTime.TotalSeconds };

    /// <summary>What one request changes where the figure counts requests: no greater difference is chance.</summary>
    public Func<LoadRun, double> OneRequest { get; init; } = _ => 0;

    public Distribution Over(RepeatedRun runs) => runs.Of(Of, Unit);
}
