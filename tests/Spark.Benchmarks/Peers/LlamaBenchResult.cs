using System.Text.Json;

namespace Spark.Benchmarks;

/// <summary>An entry of llama-bench's JSON: what was measured, of which model, and by which build.</summary>
sealed record LlamaBenchResult
{
    static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required string BuildCommit { get; init; }

    /// <summary>Ends with the number format of the matrices.</summary>
    public required string ModelType { get; init; }

    /// <summary>Parameters in the file.</summary>
    public required long ModelNParams { get; init; }

    /// <summary>Mean of the runs, in tokens a second.</summary>
    public required double AvgTs { get; init; }

    /// <summary>A field that only llama.cpp prints.</summary>
    public JsonElement? Backends { get; init; }

    /// <summary>A field that only ik_llama.cpp prints.</summary>
    public JsonElement? MlaAttn { get; init; }

    /// <exception cref="JsonException">The text is no such list of one entry.</exception>
    public static LlamaBenchResult Parse(string json) => JsonSerializer.Deserialize<LlamaBenchResult[]>(json, Format) is [var only] ? only : throw new JsonException("one entry was expected");
}
