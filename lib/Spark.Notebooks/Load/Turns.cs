namespace Spark.Notebooks;

/// <summary>Measures several things in turns, so that what passes over the machine falls on all of them alike.</summary>
internal static class Turns
{
    /// <summary>One <see cref="RepeatedRun"/> for each of <paramref name="things"/>; each round begins with another of them. One line tells how far it is.</summary>
    public static async Task<IReadOnlyList<RepeatedRun>> TakeAsync<T>(string what, IReadOnlyList<T> things, int rounds, Func<T, Task<LoadRun>> run)
    {
        using var progress = new ProgressLine();
        ProgressLine.Silence();
        var runs = things.Select(_ => new List<LoadRun>()).ToArray();
        var total = rounds * things.Count;
        for (var done = 0; done < total; done++)
        {
            var i = ((done / things.Count) + done) % things.Count;
            runs[i].Add(await run(things[i]));
            progress.Show(what, done + 1, total);
        }

        progress.Finish(FormattableString.Invariant($"{what}: {total} runs in {progress.Elapsed.TotalSeconds:0.0} s"));
        return [.. runs.Select(all => new RepeatedRun(all))];
    }
}
