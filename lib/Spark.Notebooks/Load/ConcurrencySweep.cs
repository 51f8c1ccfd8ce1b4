namespace Spark.Notebooks;

/// <summary>The same workload at rising concurrency, several times over.</summary>
public static class ConcurrencySweep
{
    /// <summary>One <see cref="RepeatedRun"/> a level, in the order given; a whole round of levels comes before the next repeat, so that a passing disturbance does not fall on one level alone.</summary>
    public static async Task<IReadOnlyList<RepeatedRun>> RunAsync(IReadOnlyList<int> levels, int repeats, Func<int, Task<LoadRun>> run, CancellationToken cancellation = default)
    {
        var runs = levels.ToDictionary(level => level, _ => new List<LoadRun>());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var level in levels)
            {
                cancellation.ThrowIfCancellationRequested();
                runs[level].Add(await run(level));
            }
        }
        return [.. levels.Select(level => new RepeatedRun(runs[level]))];
    }
}
