using System.Text.Json;

namespace Spark.Engine;

/// <summary>A model's own sampling parameters, which vLLM uses where a request names none (its <c>--generation-config auto</c>).</summary>
public sealed record GenerationDefaults
{
    public double Temperature { get; init; } = 1;
    public double TopP { get; init; } = 1;
    public long TopK { get; init; }
    public double MinP { get; init; }
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>A bound on every request's output; null sets none.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>Reads <c>generation_config.json</c>; vLLM's neutral values where the file, or a field, is absent.</summary>
    /// <exception cref="ModelFormatException">Names the file and the field that cannot be read.</exception>
    public static GenerationDefaults Load(string modelDirectory)
    {
        var neutral = new GenerationDefaults();
        if (TokenizerConfig.Read(modelDirectory, "generation_config.json") is not { } file)
            return neutral;
        return new()
        {
            Temperature = Number("temperature") ?? neutral.Temperature,
            TopP = Number("top_p") ?? neutral.TopP,
            TopK = file.Get("top_k")?.Int ?? neutral.TopK,
            MinP = Number("min_p") ?? neutral.MinP,
            RepetitionPenalty = Number("repetition_penalty") ?? neutral.RepetitionPenalty,
            MaxTokens = file.Get("max_new_tokens")?.Int,
        };

        double? Number(string name) => file.Get(name) switch
        {
            null => null,
            { Value: { ValueKind: JsonValueKind.Number } value } => value.GetDouble(),
            var field => throw field.Error($"is {field.Value.GetRawText()}, which is not a number"),
        };
    }
}
