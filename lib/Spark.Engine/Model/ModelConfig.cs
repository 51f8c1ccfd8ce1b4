using System.Text.Json;

namespace Spark.Engine;

/// <summary>The shape of a Llama-family model, from its <c>config.json</c>.</summary>
public sealed record ModelConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int Layers { get; init; }
    public required int Heads { get; init; }
    public required int KvHeads { get; init; }
    public required int HeadDim { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MaxPositions { get; init; }
    public required float RmsNormEps { get; init; }
    public required RopeConfig Rope { get; init; }
    public required bool TiedEmbeddings { get; init; }
    public required bool AttentionBias { get; init; }
    public required IReadOnlyList<int> EosTokenIds { get; init; }

    /// <exception cref="ModelFormatException">Names the field that is missing, malformed or of an architecture that this engine does not compute.</exception>
    public static ModelConfig Load(string directory)
    {
        var path = Path.Combine(directory, "config.json");
        if (!File.Exists(path))
            throw new ModelFormatException($"{path} is missing: {directory} is not a Hugging Face model directory.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(new ConfigReader(path, json.RootElement)) with { EosTokenIds = EosTokens(directory, json.RootElement) };
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{path}: {e.Message}");
        }
    }

    static ModelConfig Read(ConfigReader config)
    {
        config.Require("model_type", "llama");
        config.Require("hidden_act", "silu", whenAbsent: "silu");
        config.RequireAbsent("quantization_config", "sliding_window", "mlp_bias");
        var hidden = config.Positive("hidden_size");
        var heads = config.Positive("num_attention_heads");
        var kvHeads = config.Positive("num_key_value_heads", heads);
        var headDim = config.Positive("head_dim", hidden / heads);
        if (heads % kvHeads != 0)
            throw config.Error("num_key_value_heads", $"{kvHeads} does not divide num_attention_heads {heads}");
        if (headDim % 16 != 0)
            throw config.Error("head_dim", $"{headDim} is not a multiple of 16, the width of this engine's attention");
        return new()
        {
            VocabSize = config.Positive("vocab_size"),
            HiddenSize = hidden,
            Layers = config.Positive("num_hidden_layers"),
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = headDim,
            IntermediateSize = config.Positive("intermediate_size"),
            MaxPositions = config.Positive("max_position_embeddings"),
            RmsNormEps = config.Number("rms_norm_eps", 1e-6f),
            Rope = RopeConfig.Read(config),
            TiedEmbeddings = config.Flag("tie_word_embeddings"),
            AttentionBias = config.Flag("attention_bias"),
            EosTokenIds = [],
        };
    }

    /// <summary>generation_config.json may name more end tokens than config.json does (Llama 3's instruct models have three); vLLM stops at any of them.</summary>
    static List<int> EosTokens(string directory, JsonElement config)
    {
        var ids = new SortedSet<int>(Ids(config));
        var generation = Path.Combine(directory, "generation_config.json");
        if (File.Exists(generation))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(generation));
            ids.UnionWith(Ids(json.RootElement));
        }
        return [.. ids];

        static IEnumerable<int> Ids(JsonElement root) => !root.TryGetProperty("eos_token_id", out var eos) ? []
            : eos.ValueKind == JsonValueKind.Number ? [eos.GetInt32()]
            : eos.ValueKind == JsonValueKind.Array ? [.. eos.EnumerateArray().Select(e => e.GetInt32())]
            : [];
    }
}
