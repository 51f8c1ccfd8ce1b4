namespace Spark.Notebooks;

public static partial class Recorded
{
    /// <summary>Takes a results file of anybody's run, <c>data/results/NN.json</c> there, into the recorded runs, whose charts then show it.</summary>
    /// <param name="name">Machine and date, such as <c>two-sparks-2026-11</c>.</param>
    /// <returns>Where it is now.</returns>
    /// <exception cref="InvalidDataException">It is no results file; the message says why.</exception>
    public static string Add(string file, string name) => RecordedRun.Add(file, name, RecordedRun.Folder);

    /// <summary>The recorded runs of a module, by name.</summary>
    public static IReadOnlyList<RecordedRun> Runs(string lesson) => RecordedRun.Of(lesson, RecordedRun.Folder);
}
