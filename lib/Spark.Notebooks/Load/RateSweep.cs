namespace Spark.Notebooks;

/// <summary>Open-loop runs at rising rates, as far as the target could follow.</summary>
/// <param name="Stages">By rising rate; the last may be saturated.</param>
/// <param name="StoppedBecause">Why higher rates were left out; null where none were.</param>
public sealed record RateSweep(IReadOnlyList<RepeatedRun> Stages, string? StoppedBecause)
{
    /// <summary>
    /// Each round goes up the rates and ends where a stage fails or is saturated; later rounds go no higher. Every run waits for idle engines, so that no stage pays for the one before it.
    /// A stage that failed is in no figure.
    /// </summary>
    public static async Task<RateSweep> RunAsync(IReadOnlyList<double> requestsPerSecond, int repeats, Func<double, Task<LoadRun>> run, CancellationToken cancellation = default)
    {
        double[] rates = [.. requestsPerSecond.Order()];
        var runs = rates.Select(_ => new List<LoadRun>()).ToArray();
        string? reason = null;
        var stages = rates.Length;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            for (var i = 0; i < stages; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var stage = await run(rates[i]);
                if (stage.Failed > 0)
                    return Result(i, $"{stage}");
                runs[i].Add(stage);
                if (stage.IsSaturated && i < stages - 1)
                    (stages, reason) = (i + 1, FormattableString.Invariant($"{rates[i]:0.##} requests/s saturate {stage.Target.Topology}, so higher rates were not tried"));
            }
        }

        return Result(stages, reason);

        RateSweep Result(int stages, string? reason) => new([.. runs.Take(stages).Select(stage => new RepeatedRun(stage))], reason);
    }
}
