using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>Tells a later module whether module 00 vouches for this machine; it only tells, and stops nothing.</summary>
internal static class EnvironmentGate
{
    public const string Lesson = "00";
    const string Ask = "run 00_Environment_Setup, which says whether what is measured here can be trusted";

    /// <summary>Null where module 00 was run on this machine and found nothing that fails.</summary>
    public static string? Hint(string lesson, string? cluster, Func<string, LessonResults> load)
    {
        if (lesson == Lesson)
            return null;
        try
        {
            var results = load(Lesson);
            return results.Machine != Machine.Here ? $"Module 00 was run on another machine ({results.Machine.Cpu}): {Ask}."
                : cluster is not null && results.Cluster != cluster ? $"Module 00 was run for cluster {results.Cluster}, not for {cluster}: {Ask}."
                : Failures(results.Facts.Deserialize<EnvironmentFacts>(JsonSerializerOptions.Web)!);
        }
        catch (FileNotFoundException)
        {
            return $"Module 00 was not run yet: {Ask}.";
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return $"What module 00 left cannot be read ({error.Message}): {Ask}.";
        }
    }

    static string? Failures(EnvironmentFacts facts)
    {
        var failures = facts.Rows.Where(row => row.Status == CheckStatus.Fail).Select(row => $"{row.Check} on {row.Node} ({row.Found}). {row.Fix}").ToList();
        return failures.Count == 0 ? null : $"Module 00 found what will spoil this one: {string.Join(" ", failures)} Then run 00_Environment_Setup again.";
    }
}
