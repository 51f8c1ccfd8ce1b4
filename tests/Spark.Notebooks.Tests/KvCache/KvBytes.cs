using CsCheck;

namespace Spark.Notebooks.Tests;

public class KvBytes
{
    public static TheoryData<string> WithFigures => [.. ModelShape.Catalogue().Where(shape => shape.Published is not null).Select(shape => shape.Name)];

    static readonly Gen<ModelShape> Shapes = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 16], Gen.Int[8, 128], Gen.Int[1, 2], Gen.Int[0, 40], Gen.Int[1, 500], (layers, heads, dim, bytes, sliding, window) =>
        ShapeFiles.Llama8B with { Layers = layers, KvHeads = heads, HeadDim = dim, KvDtypeBytes = bytes, SlidingLayers = Math.Min(sliding, layers), SlidingWindow = window });

    [Theory, MemberData(nameof(WithFigures))]
    public void Agree_with_what_others_measured_or_published(string name)
    {
        var shape = ModelShape.Named(name);
        Assert.Equal(1, shape.Published!.Computed(shape) / shape.Published.Value, 0.001);
    }

    [Theory]
    [InlineData("Llama-3.1-8B", 131_072)]
    [InlineData("Llama-3.1-70B", 327_680)]
    [InlineData("Llama-2-7B", 524_288)]
    [InlineData("Qwen3-8B", 147_456)]
    [InlineData("Mistral-7B-v0.1", 131_072)]
    [InlineData("DeepSeek-V3", 70_272)]
    [InlineData("gpt-oss-20b", 49_152)]
    [InlineData("gpt-oss-120b", 73_728)]
    public void Of_a_token_are(string name, long bytes) => Assert.Equal(bytes, ModelShape.Named(name).KvBytesPerToken.Bytes);

    [Fact]
    public void Every_model_but_the_shipped_one_has_a_figure_of_others() => Assert.All(ModelShape.Catalogue(), shape => Assert.NotNull(shape.Published));

    [Fact]
    public void Of_the_shipped_model_are_those_of_its_card() => Assert.Equal(4 << 10, ModelShape.Shipped.KvBytesPerToken.Bytes);

    [Fact]
    public void Of_512_tokens_of_Llama_8B_are_64_MiB_and_not_32_MB() => Assert.Equal(64, ShapeFiles.Llama8B.KvBytes(512).MiB);

    [Theory]
    [InlineData("Llama-3.1-8B", "GQA")]
    [InlineData("Llama-2-7B", "MHA")]
    [InlineData("DeepSeek-V3", "MLA")]
    public void Come_of_an_attention_that_is_named(string name, string attention) => Assert.Equal(attention, ModelShape.Named(name).Attention);

    [Fact]
    public void Are_those_of_counting_layer_by_layer_and_token_by_token() => Gen.Select(Shapes, Gen.Int[0, 600]).Sample((shape, tokens) =>
    {
        var bytes = 0L;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            for (var token = 0; token < tokens; token++)
                bytes += layer >= shape.SlidingLayers || token >= tokens - shape.SlidingWindow ? 2L * shape.KvHeads * shape.HeadDim * shape.KvDtypeBytes : 0;
        }
        Assert.Equal(bytes, shape.KvBytes(tokens).Bytes);
    }, iter: 50);

    [Fact]
    public void In_blocks_are_whole_blocks_that_hold_all_tokens_and_less_than_a_block_more_at_either_end() => Gen.Select(Shapes, Gen.Int[1, 600], Gen.Int[1, 64]).Sample((shape, tokens, block) =>
    {
        var layerBlock = block * 2L * shape.KvHeads * shape.HeadDim * shape.KvDtypeBytes;
        var held = shape.KvBytesInBlocks(tokens, block).Bytes;
        Assert.Equal(0, held % layerBlock);
        Assert.InRange(held - shape.KvBytes(tokens).Bytes, 0, 2 * shape.Layers * layerBlock - 1);
        Assert.True(shape.KvBytesInBlocks(tokens + 1, block).Bytes >= held || shape.SlidingLayers > 0);
    });

    [Fact]
    public void In_blocks_of_one_token_are_the_tokens_own() => Gen.Select(Shapes, Gen.Int[0, 600]).Sample((shape, tokens) => Assert.Equal(shape.KvBytes(tokens), shape.KvBytesInBlocks(tokens, 1)));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(16, 2)]
    [InlineData(17, 4)]
    [InlineData(14, 2)]
    public void In_blocks_of_Llama_8B_are_at_least_two_MiB(int tokens, double mebibytes) => Assert.Equal(mebibytes, ShapeFiles.Llama8B.KvBytesInBlocks(tokens).MiB);

    [Fact]
    public void Of_a_token_are_split_over_GPUs_as_far_as_heads_go()
    {
        Assert.Equal(131_072 / 8, ShapeFiles.Llama8B.KvBytesPerTokenAndGpu(8).Bytes);
        Assert.Equal(131_072 / 8, ShapeFiles.Llama8B.KvBytesPerTokenAndGpu(16).Bytes);
        Assert.Equal(70_272, ModelShape.Named("DeepSeek-V3").KvBytesPerTokenAndGpu(8).Bytes);
        Assert.Contains("8 KV heads", Assert.Throws<ArgumentException>(() => ShapeFiles.Llama8B.KvBytesPerTokenAndGpu(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_a_FLOP_of_prefill_are_fewer_where_heads_share_or_compress_them()
    {
        var perFlop = new[] { "DeepSeek-V3", "Llama-3.1-8B", "Llama-2-7B" }.Select(name => ModelShape.Named(name).KvBytesPerFlop(2048)).ToArray();
        Assert.Equal(perFlop.Order(), perFlop);
        Assert.Equal(ModelShape.Named("Mistral-7B-v0.1").KvBytesPerFlop(8192) * 2, ModelShape.Named("Mistral-7B-v0.1").KvBytesPerFlop(4096), 1e-12);
    }
}
