using System.Text.Json;

namespace Spark.Engine.Tests;

public sealed class CheckpointFormats
{
    static readonly int[] Prompt = [.. Enumerable.Range(0, 40).Select(i => i * 13 % TinyModel.Vocabulary)];

    [Theory]
    [InlineData("BF16")]
    [InlineData("F16")]
    public void The_same_weights_give_the_same_tokens_in_every_stored_format(string dtype)
    {
        using var model = new TinyModel();
        Assert.Equal(Tokens(model, w => w.Write(File_(model), "F32")), Tokens(model, w => w.Write(File_(model), dtype)));
    }

    [Fact]
    public void Shards_named_by_an_index_are_one_model()
    {
        using var model = new TinyModel();
        var whole = Tokens(model, w => w.Write(File_(model), "F32"));
        var sharded = Tokens(model, w =>
        {
            File.Delete(File_(model));
            var shards = w.Keys.Select((name, i) => (name, Shard: $"model-{i % 3 + 1:D5}-of-00003.safetensors")).ToList();
            foreach (var shard in shards.GroupBy(s => s.Shard))
            {
                var part = new SafetensorsWriter();
                foreach (var (name, _) in shard)
                    part[name] = w[name];
                part.Write(Path.Combine(model.Directory, shard.Key), "F32");
            }
            File.WriteAllText(Path.Combine(model.Directory, "model.safetensors.index.json"), JsonSerializer.Serialize(new { weight_map = shards.ToDictionary(s => s.name, s => s.Shard) }));
        });
        Assert.Equal(whole, sharded);
    }

    [Theory]
    [InlineData("""{ "tie_word_embeddings": false }""")]
    [InlineData("""{ "attention_bias": true }""")]
    [InlineData("""{ "head_dim": 32 }""")]
    [InlineData("""{ "num_key_value_heads": 4 }""")]
    [InlineData("""{ "num_key_value_heads": 1 }""")]
    [InlineData("""{ "rope_scaling": { "type": "linear", "factor": 2.0 } }""")]
    [InlineData("""{ "rope_scaling": { "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32 } }""")]
    [InlineData("""{ "rope_parameters": { "rope_type": "linear", "rope_theta": 500.0, "factor": 4.0 } }""")]
    [InlineData("""{ "hidden_size": 48, "intermediate_size": 80, "head_dim": 16 }""")]
    public void Every_supported_variant_equals_the_plain_reference(string changes)
    {
        using var model = new TinyModel([.. JsonSerializer.Deserialize<Dictionary<string, object?>>(changes)!.Select(c => (c.Key, c.Value))]);
        var config = ModelConfig.Load(model.Directory);
        var weights = SafetensorsWriter.For(config);
        weights.Write(File_(model), "F32");
        var expected = ReferenceLlama.Logits(config, weights, Prompt);
        var actual = EngineLogits.Last(model.Options with { DummyWeights = false, KvCacheDtype = KvDtype.Float32 }, Prompt);
        for (var token = 0; token < config.VocabSize; token++)
            Assert.Equal(expected[token], actual[token], 1e-4);
    }

    static List<int> Tokens(TinyModel model, Action<SafetensorsWriter> write)
    {
        write(SafetensorsWriter.For(ModelConfig.Load(model.Directory)));
        using var engine = TestEngine.Start(model.Options with { DummyWeights = false });
        engine.Add(new EngineRequest("a", Prompt, TestEngine.Greedy(20)));
        return engine.Drain()["a"];
    }

    static string File_(TinyModel model) => Path.Combine(model.Directory, "model.safetensors");
}
