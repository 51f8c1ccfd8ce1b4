using System.Text.Json;

namespace Spark.Engine.Tests;

/// <summary>A model directory with a config.json alone, small enough for thousands of forward passes a second; weights are random.</summary>
sealed class TinyModel : IDisposable
{
    public const int Vocabulary = 160;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tiny-model-").FullName;

    public TinyModel(params (string Field, object? Value)[] changes)
    {
        var config = new Dictionary<string, object?>
        {
            ["model_type"] = "llama",
            ["vocab_size"] = Vocabulary,
            ["hidden_size"] = 64,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["head_dim"] = 16,
            ["intermediate_size"] = 96,
            ["max_position_embeddings"] = 256,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["tie_word_embeddings"] = true,
            ["eos_token_id"] = 7,
        };
        foreach (var (field, value) in changes)
            config[field] = value;
        File.WriteAllText(Path.Combine(Directory, "config.json"), JsonSerializer.Serialize(config));
    }

    public EngineOptions Options => new() { Model = Directory, DummyWeights = true, DeviceMemoryBytes = 64 << 20, MaxNumSeqs = 16, MaxNumBatchedTokens = 128 };

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
