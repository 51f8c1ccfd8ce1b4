namespace Spark.Notebooks;

/// <summary>One architecture under one mix at one rate, several times.</summary>
/// <param name="Multiple">The rate in multiples of what one node serves of the mix.</param>
public sealed record StudyCell(WorkloadMix Mix, Slo Slo, double Multiple, double RequestsPerSecond, RepeatedRun Runs)
{
    public string Architecture => Runs.Target.Architecture;

    /// <summary>Good requests a second, a value a repeat.</summary>
    public Distribution Goodput => Metric.Goodput(Slo).Over(Runs);

    /// <summary>Share of requests that kept the SLO, 0 to 1, a value a repeat.</summary>
    public Distribution GoodShare => Runs.Of(run => run.Goodput(Slo).Share, "");
}
