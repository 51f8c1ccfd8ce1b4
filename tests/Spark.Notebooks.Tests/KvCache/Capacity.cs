using CsCheck;

namespace Spark.Notebooks.Tests;

public class Capacity
{
    static KvCapacity Tales(double utilization) => new()
    {
        Shape = ShapeFiles.Tales,
        DeviceMemory = ByteSize.FromMiB(768),
        Utilization = utilization,
        Activations = ByteSize.FromMiB(24),
    };

    [Fact]
    public void The_recorded_Spark_had_the_tokens_that_the_formula_gives()
    {
        // vLLM logged 17.96 GiB and 147,152 tokens; the GiB are rounded to two decimals.
        Assert.InRange(147_152, Llama(17.955).Tokens, Llama(17.965).Tokens);
        Assert.Equal(147_128 / 16 * 16, Llama(17.96).Tokens);
    }

    [Fact]
    public void Maximum_concurrency_is_the_one_that_vLLM_logged() =>
        Assert.Equal(1.12, Llama(17.9626).MaximumConcurrency(131_072), 2);

    [Fact]
    public void A_block_of_Llama_8B_is_two_MiB() => Assert.Equal(ByteSize.FromMiB(2), Llama(18).BlockBytes);

    [Fact]
    public void Only_whole_blocks_count() => Gen.Double[0.2, 1].Sample(utilization =>
    {
        var capacity = Tales(utilization);
        Assert.Equal(0, capacity.Tokens % 16);
        Assert.InRange(capacity.Available.Bytes - (capacity.Blocks * capacity.BlockBytes.Bytes), 0, capacity.BlockBytes.Bytes - 1);
    });

    [Fact]
    public void More_memory_never_holds_fewer_tokens() => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Sample((one, other) =>
        Assert.True(Tales(Math.Max(one, other)).Tokens >= Tales(Math.Min(one, other)).Tokens));

    [Fact]
    public void Where_the_weights_do_not_fit_there_is_no_cache() => Assert.Equal(0, Tales(0.05).Tokens);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(17, 2)]
    public void A_request_takes_whole_blocks(int tokens, long blocks) => Assert.Equal(blocks, Tales(0.5).BlocksFor(tokens));

    static KvCapacity Llama(double availableGiB) => new()
    {
        Shape = ShapeFiles.Llama8B,
        DeviceMemory = ByteSize.FromGiB(availableGiB) + ShapeFiles.Llama8B.WeightBytes,
        Utilization = 1,
    };
}
