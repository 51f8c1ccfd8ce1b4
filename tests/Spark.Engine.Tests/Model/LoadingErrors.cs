using System.Text;

namespace Spark.Engine.Tests;

public sealed class LoadingErrors
{
    [Theory]
    [InlineData("model_type", "mamba")]
    [InlineData("hidden_act", "gelu")]
    [InlineData("num_key_value_heads", 3)]
    [InlineData("head_dim", 20)]
    [InlineData("vocab_size", -1)]
    [InlineData("vocab_size", "many")]
    [InlineData("mlp_bias", true)]
    [InlineData("tie_word_embeddings", 3)]
    [InlineData("quantization_config", "int4")]
    public void A_config_that_is_not_computed_is_refused_by_field(string field, object value)
    {
        using var model = new TinyModel((field, value));
        var error = Assert.Throws<ModelFormatException>(() => ModelConfig.Load(model.Directory));
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_rope_type_is_refused_by_name()
    {
        using var model = new TinyModel(("rope_scaling", new { rope_type = "yarn", factor = 4.0 }));
        Assert.Contains("'yarn'", Assert.Throws<ModelFormatException>(() => ModelConfig.Load(model.Directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_directory_and_missing_weights_say_what_is_missing()
    {
        using var model = new TinyModel();
        Assert.Contains("config.json is missing", Assert.Throws<ModelFormatException>(() => ModelConfig.Load("/nowhere")).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ModelFormatException>(() => LoadedModel.Load(model.Options with { DummyWeights = false }, EngineLog.None));
        Assert.Contains("model.safetensors is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("--load-format dummy", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.norm.weight", "is missing")]
    [InlineData("model.layers.1.mlp.up_proj.weight", "config.json makes it [96, 64]")]
    [InlineData("model.layers.0.self_attn.q_proj.weight", "truncated")]
    [InlineData("model.embed_tokens.weight", "corrupt")]
    public void A_bad_tensor_is_refused_by_name(string tensor, string why)
    {
        using var model = new TinyModel();
        var writer = SafetensorsWriter.For(ModelConfig.Load(model.Directory));
        switch (why)
        {
            case "is missing": writer.Remove(tensor); break;
            case "truncated": writer.CutAfter = tensor; break;
            case "corrupt": writer.WrongOffsets = tensor; break;
            default: writer[tensor] = ([64, 96], writer[tensor].Values); break;
        }
        writer.Write(Path.Combine(model.Directory, "model.safetensors"), "F32");
        var error = Assert.Throws<ModelFormatException>(() => LoadedModel.Load(model.Options with { DummyWeights = false }, EngineLog.None));
        Assert.Contains($"'{tensor}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is not a safetensors file at all")]
    [InlineData("\u0002\0\0\0\0\0\0\0[]")]
    [InlineData("\u0009\0\0\0\0\0\0\0{\"a\": 1 }")]
    public void Bytes_that_are_no_safetensors_are_refused_by_file(string content)
    {
        using var model = new TinyModel();
        File.WriteAllBytes(Path.Combine(model.Directory, "model.safetensors"), Encoding.Latin1.GetBytes(content));
        var error = Assert.Throws<ModelFormatException>(() => LoadedModel.Load(model.Options with { DummyWeights = false }, EngineLog.None));
        Assert.Contains("model.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_little_memory_is_refused_in_the_words_of_vllm()
    {
        using var model = new TinyModel();
        var (config, layout) = (model.Options, new KvLayout(2, 2, 16, KvDtype.BFloat16));
        var none = Assert.Throws<InvalidOperationException>(() => KvCapacity.Of(config, layout, 256, config.DeviceMemoryBytes, 0));
        Assert.Contains("No available memory for the cache blocks", none.Message, StringComparison.Ordinal);
        var little = Assert.Throws<InvalidOperationException>(() => KvCapacity.Of(config with { DeviceMemoryBytes = 100_000, GpuMemoryUtilization = 1 }, layout, 256, 80_000, 0));
        Assert.Contains("the estimated maximum model length is 64", little.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_given_to_the_KV_cache_goes_before_the_utilization()
    {
        using var model = new TinyModel();
        var layout = new KvLayout(2, 2, 16, KvDtype.BFloat16);
        Assert.Equal(20, KvCapacity.Of(model.Options with { KvCacheMemoryBytes = 20 * layout.BytesPerBlock }, layout, 256, 0, 0).Blocks);
    }
}
