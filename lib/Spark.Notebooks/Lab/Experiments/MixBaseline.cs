namespace Spark.Notebooks;

/// <summary>What one node does with a mix: alone, which sets the SLO, and at most, which sets the rates.</summary>
/// <param name="Slo">What follows for its users.</param>
/// <param name="Alone">One request at a time.</param>
/// <param name="Saturated">A closed loop of so many clients that the node is never idle.</param>
public sealed record MixBaseline(WorkloadMix Mix, Slo Slo, RepeatedRun Alone, LoadRun Saturated)
{
    public double MostPerSecond => Saturated.RequestsPerSecond;

    internal static async Task<MixBaseline> MeasureAsync(LoadTarget single, WorkloadMix mix, StudyPlan plan, CancellationToken cancellation)
    {
        var few = await mix.ToWorkloadAsync(single, plan.Alone, plan.Seed, cancellation);
        var many = await mix.ToWorkloadAsync(single, 2 * plan.Saturating, plan.Seed, cancellation);
        var alone = new RepeatedRun([await LoadRun.ClosedLoopAsync(single, few, 1, cancellation)]);
        return new(mix, plan.SloFrom(alone), alone, await LoadRun.ClosedLoopAsync(single, many, plan.Saturating, cancellation));
    }
}
