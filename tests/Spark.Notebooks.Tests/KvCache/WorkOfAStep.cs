using CsCheck;

namespace Spark.Notebooks.Tests;

public class WorkOfAStep
{
    [Fact]
    public void FLOP_of_m14_are_those_of_its_published_arithmetic()
    {
        // 25.2 MFLOP a token + 12.3 kFLOP × context + 3.1 MFLOP for logits
        Assert.Equal(25.2, ShapeFiles.M14.MatrixFlopPerToken / 1e6, 1);
        Assert.Equal(12.3, ShapeFiles.M14.AttentionFlopPerPosition / 1e3, 1);
        Assert.Equal(3.1, ShapeFiles.M14.LogitsFlop / 1e6, 1);
    }

    [Fact]
    public void A_chunked_prefill_computes_as_much_as_a_whole_one() => Gen.Select(Gen.Int[1, 2000], Gen.Int[1, 2000]).Sample((first, second) =>
    {
        var shape = ShapeFiles.Tales;
        var chunked = shape.Prefill(first).Flop + shape.Prefill(second, cached: first).Flop - shape.LogitsFlop;
        Assert.Equal(1, chunked / shape.Prefill(first + second).Flop, 12);
    });

    [Fact]
    public void A_decode_step_is_a_prefill_of_one_token_after_its_cached_ones() => Gen.Int[1, 5000].Sample(cached =>
    {
        var (decode, prefill) = (ShapeFiles.Llama8B.DecodeStep(1, cached + 1), ShapeFiles.Llama8B.Prefill(1, cached));
        Assert.Equal(1, decode.Flop / prefill.Flop, 12);
        Assert.Equal(1, decode.Bytes / prefill.Bytes, 12);
    });

    [Fact]
    public void Longer_prompts_and_larger_batches_have_higher_intensity() => Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1000]).Sample((tokens, more) =>
    {
        Assert.True(ShapeFiles.Tales.Prefill(tokens + more).Intensity > ShapeFiles.Tales.Prefill(tokens).Intensity);
        Assert.True(ShapeFiles.Tales.DecodeStep(tokens + more, 512).Intensity > ShapeFiles.Tales.DecodeStep(tokens, 512).Intensity);
    });

    [Fact]
    public void Decode_reads_the_weights_once_and_the_KV_of_every_sequence()
    {
        var (one, eight) = (ShapeFiles.Llama8B.DecodeStep(1, 512), ShapeFiles.Llama8B.DecodeStep(8, 512));
        Assert.Equal(7 * 512 * 131_072.0, eight.Bytes - one.Bytes);
        Assert.Equal(8 * one.Flop, eight.Flop);
    }
}
