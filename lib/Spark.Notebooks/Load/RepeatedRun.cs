namespace Spark.Notebooks;

/// <summary>The same run several times over, so that a figure comes with its spread.</summary>
public sealed record RepeatedRun(IReadOnlyList<LoadRun> Runs)
{
    public LoadTarget Target => Runs[0].Target;

    public Distribution OutputTokensPerSecond => new(Runs.Select(run => run.OutputTokensPerSecond), "tokens/s");
    public Distribution RequestsPerSecond => new(Runs.Select(run => run.RequestsPerSecond), "requests/s");

    /// <summary>A figure of every run, such as <c>run => run.Ttft.P99</c>.</summary>
    public Distribution Of(Func<LoadRun, double> figure, string unit) => new(Runs.Select(figure), unit);

    /// <summary>In ms, a value of every request of every run.</summary>
    public Distribution Pooled(Func<RequestTimeline, TimeSpan> latency) => Distribution.OfMilliseconds(Runs.SelectMany(run => run.Requests).Select(latency));
}
