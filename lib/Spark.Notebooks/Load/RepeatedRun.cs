namespace Spark.Notebooks;

/// <summary>The same run several times over, so that a figure comes with its spread.</summary>
public sealed record RepeatedRun(IReadOnlyList<LoadRun> Runs)
{
    public Distribution OutputTokensPerSecond => new(Runs.Select(run => run.OutputTokensPerSecond), "tokens/s");
    public Distribution RequestsPerSecond => new(Runs.Select(run => run.RequestsPerSecond), "requests/s");

    /// <summary>A figure of every run, such as <c>run => run.Ttft.P99</c>.</summary>
    public Distribution Of(Func<LoadRun, double> figure, string unit) => new(Runs.Select(figure), unit);
}
