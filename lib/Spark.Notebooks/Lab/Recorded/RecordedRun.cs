using System.Text.Json;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>Results files of somebody's run of the course, kept under <c>data/recorded/runs/NAME</c>.</summary>
/// <param name="Name">Such as <c>two-sparks-2026-11</c>.</param>
public sealed partial record RecordedRun(string Name, LessonResults Results)
{
    internal static string Folder => Path.Combine(DataFolder.Recorded, "runs");

    /// <summary>Every run that has results of this module.</summary>
    /// <exception cref="InvalidDataException">A file there is no results file; the message names it.</exception>
    internal static IReadOnlyList<RecordedRun> Of(string lesson, string folder) => Directory.Exists(folder)
        ? [.. from file in Directory.EnumerateFiles(folder, $"{lesson}.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
              select new RecordedRun(Path.GetFileName(Path.GetDirectoryName(file))!, Read(file))]
        : [];

    /// <summary>Takes a results file into the recorded runs, in place of one of the same name and module.</summary>
    internal static string Add(string file, string name, string folder)
    {
        if (!RunName().IsMatch(name))
            throw new ArgumentException($"'{name}' must be letters, digits, dots and dashes, such as two-sparks-2026-11.", nameof(name));
        var results = Read(file);
        var path = Path.Combine(folder, name, $"{results.Lesson}.json");
        AtomicFile.WriteAllText(path, File.ReadAllText(file));
        return path;
    }

    static LessonResults Read(string file)
    {
        try
        {
            var results = JsonSerializer.Deserialize<LessonResults>(File.ReadAllText(file), JsonSerializerOptions.Web)!;
            var empty = results.Series.FirstOrDefault(series => series.Points.Count == 0 || series.Points.Any(point => point.Values.Count == 0));
            return empty is null && LessonNumber().IsMatch(results.Lesson) ? results
                : throw new JsonException(empty is null ? $"lesson is '{results.Lesson}', no module's number such as 01" : $"the series \"{empty.Name}\" has no values");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no results file as modules write to data/results: {error.Message}", error);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.-]*$")]
    private static partial Regex RunName();

    [GeneratedRegex("^[0-9]{2}$")]
    private static partial Regex LessonNumber();
}
