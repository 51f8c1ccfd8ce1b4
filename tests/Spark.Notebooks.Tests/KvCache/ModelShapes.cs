using System.Buffers.Binary;

namespace Spark.Notebooks.Tests;

public class ModelShapes
{
    [Fact]
    public void The_shipped_model_has_as_many_bytes_of_weights_as_its_file_has_behind_its_header()
    {
        using var file = File.OpenRead(RepositoryRoot.Combine("data/models/tales-25m/model.safetensors"));
        var prefix = new byte[8];
        file.ReadExactly(prefix);
        var header = BinaryPrimitives.ReadInt64LittleEndian(prefix);

        Assert.Equal(file.Length - 8 - header, ShapeFiles.Tales.WeightBytes.Bytes);
        Assert.Equal(24_650_240, ShapeFiles.Tales.Parameters);
    }

    [Fact]
    public void Llama_8B_has_the_published_number_of_parameters()
    {
        Assert.Equal(8_030_261_248, ShapeFiles.Llama8B.Parameters);
        Assert.Equal(16.06, ShapeFiles.Llama8B.WeightBytes.GB, 2);
        Assert.Equal(14.96, ShapeFiles.Llama8B.WeightBytes.GiB, 2);
    }

    [Fact]
    public void A_step_of_Llama_8B_reads_what_was_recorded_on_the_H100()
    {
        // The recording left the final norm's 8 KiB out.
        const double recorded = 15_009_841_152;
        Assert.Equal(1, ShapeFiles.Llama8B.WeightBytesPerStep.Bytes / recorded, 1e-6);
    }

    [Fact]
    public void Tied_embeddings_are_read_in_full_by_every_step_for_the_logits() =>
        Assert.Equal(ShapeFiles.Tales.WeightBytes, ShapeFiles.Tales.WeightBytesPerStep);

    [Fact]
    public void KV_bytes_per_token_are_the_published_ones()
    {
        Assert.Equal(131_072, ShapeFiles.Llama8B.KvBytesPerToken.Bytes);
        Assert.Equal(4096, ShapeFiles.Tales.KvBytesPerToken.Bytes);
        Assert.Equal(8192, (ShapeFiles.Tales with { KvDtypeBytes = 4 }).KvBytesPerToken.Bytes);
    }

    [Fact]
    public void Attention_bias_adds_one_parameter_an_output()
    {
        var shape = ShapeFiles.Tales;
        var outputs = (shape.Heads + (2 * shape.KvHeads)) * shape.HeadDim + shape.Hidden;
        Assert.Equal(shape.Parameters + (shape.Layers * outputs), (shape with { AttentionBias = true }).Parameters);
    }

    [Theory]
    [InlineData("""{ "model_type": "gpt2" }""", "model_type")]
    [InlineData("""{ "model_type": "llama", "num_attention_heads": 6 }""", "hidden_size")]
    [InlineData("""{ "model_type": "llama", "hidden_size": 384 }""", "num_attention_heads")]
    public void A_config_that_does_not_fit_is_refused_by_the_field(string json, string field)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("config.json", json);
        var error = Assert.Throws<InvalidDataException>(() => ModelShape.FromConfig(file));
        Assert.Contains($"\"{field}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => ModelShape.Named("Llama-9"));
        Assert.Contains("Llama-3.1-8B", error.Message, StringComparison.Ordinal);
    }
}
