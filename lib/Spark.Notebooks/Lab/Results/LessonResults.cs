using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>What one module's run found, as its results file keeps it.</summary>
public sealed record LessonResults
{
    public required string Lesson { get; init; }
    public required string Cluster { get; init; }
    public required DateTimeOffset SavedAt { get; init; }
    public required Machine Machine { get; init; }

    /// <summary>By name: the engine, the library, the .NET runtime.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
    public required JsonElement Knobs { get; init; }

    /// <summary>Single figures beside the series, such as ceilings and capacities.</summary>
    public required JsonElement Facts { get; init; }
    public required IReadOnlyList<Series> Series { get; init; }

    /// <exception cref="KeyNotFoundException">The run kept no such series; the message lists those it kept.</exception>
    public Series this[string name] => Series.FirstOrDefault(series => series.Name == name)
        ?? throw new KeyNotFoundException($"Module {Lesson} kept no \"{name}\"; it kept {string.Join(", ", Series.Select(series => series.Name))}.");
}
