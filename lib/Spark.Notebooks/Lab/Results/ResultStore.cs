using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>A folder with one JSON file a module, each replaced as a whole.</summary>
internal sealed class ResultStore(string folder, TimeProvider clock)
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public SavedResults Save(string lesson, string cluster, IReadOnlyDictionary<string, string> versions, object knobs, object? facts, IEnumerable<Series> series)
    {
        var results = new LessonResults
        {
            Lesson = lesson,
            Cluster = cluster,
            SavedAt = clock.GetLocalNow(),
            Machine = Machine.Here,
            Versions = versions,
            Knobs = JsonSerializer.SerializeToElement(knobs, Options),
            Facts = JsonSerializer.SerializeToElement(facts ?? new { }, Options),
            Series = [.. series],
        };
        var path = PathOf(lesson);
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(results, Options));
        return new(path, new(new FileInfo(path).Length), results.Series.Count, results.Series.Sum(one => one.Points.Sum(point => point.Values.Count)));
    }

    public LessonResults Load(string lesson)
    {
        var path = PathOf(lesson);
        if (!File.Exists(path))
            throw new FileNotFoundException($"Module {lesson} has no results yet ({path} is missing): run its notebook to the end first.", path);
        try
        {
            return JsonSerializer.Deserialize<LessonResults>(File.ReadAllBytes(path), Options)!;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is not a results file of this course ({error.Message}): run module {lesson} again, which replaces it.", error);
        }
    }

    string PathOf(string lesson) => Path.Combine(folder, $"{lesson}.json");
}
