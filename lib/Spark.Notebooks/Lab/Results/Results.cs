using System.Runtime.InteropServices;

namespace Spark.Notebooks;

/// <summary>Keeps what a module measured under data/results, for later modules and for the learner.</summary>
public static class Results
{
    private static readonly ResultStore Store = new(DataFolder.Results, TimeProvider.System);

    /// <summary>Replaces the current module's file: machine, versions, knobs and facts, and every series with all repeats.</summary>
    public static SavedResults Save(object knobs, object? facts, params IEnumerable<Series> series) => Store.Save(
        Lesson.Current.Number,
        Lesson.Current.Cluster,
        new Dictionary<string, string>
        {
            ["engine"] = Lesson.Current.Engine,
            ["library"] = typeof(Results).Assembly.GetName().Version!.ToString(3),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
        },
        knobs,
        facts,
        series);

    /// <exception cref="FileNotFoundException">The module was not run to its end on this machine.</exception>
    public static LessonResults Load(string lesson) => Store.Load(lesson);
}
