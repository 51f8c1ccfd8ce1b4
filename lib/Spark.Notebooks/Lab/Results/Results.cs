using System.Reflection;
using System.Runtime.InteropServices;

namespace Spark.Notebooks;

/// <summary>Keeps what a module measured under data/results, for later modules and for the learner.</summary>
public static class Results
{
    static readonly ResultStore Store = new(DataFolder.Results, TimeProvider.System);

    /// <summary>Replaces the current module's file: machine, versions, knobs and facts, and every series with all repeats.</summary>
    public static SavedResults Save(object knobs, object? facts, params IEnumerable<Series> series) => Store.Save(
        Lesson.Current.Number,
        Lesson.Current.Cluster,
        new Dictionary<string, string>
        {
            ["spark-engine"] = Version(AssemblyName.GetAssemblyName(EngineExecutable.Find().LeadingArguments[0])),
            ["Spark.Notebooks"] = Version(typeof(Results).Assembly.GetName()),
            ["runtime"] = RuntimeInformation.FrameworkDescription,
        },
        knobs,
        facts,
        series);

    /// <exception cref="FileNotFoundException">The module was not run to its end on this machine.</exception>
    public static LessonResults Load(string lesson) => Store.Load(lesson);

    static string Version(AssemblyName assembly) => assembly.Version!.ToString(3);
}
