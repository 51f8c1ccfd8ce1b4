using CsCheck;

namespace Spark.Notebooks.Tests;

public class Recomputing
{
    [Fact]
    public void At_the_break_even_bandwidth_moving_takes_as_long_as_computing() => Gen.Int[1, 8192].Sample(tokens =>
    {
        var compute = Recorded.SparkPrefill(ShapeFiles.Llama8B);
        var link = Link.Of("break-even", TimeSpan.Zero, compute.BreakEvenBytesPerSecond(tokens));
        Assert.Equal(compute.Prefill(tokens).TotalSeconds, link.Transfer(compute.Shape.KvBytes(tokens)).TotalSeconds, 1e-6);
    });

    [Theory]
    [InlineData(512, 15.493376)]
    [InlineData(4096, 114.301155)]
    public void The_recorded_steps_are_kept(int tokens, double ms) => Assert.Equal(ms, Recorded.H100Prefill().Prefill(tokens).TotalMilliseconds, 1e-3);

    [Fact]
    public void Between_recorded_steps_lies_between_their_times() => Gen.Int[16, 8192].Sample(tokens =>
    {
        var (compute, steps) = (Recorded.H100Prefill(), Recorded.H100().Prefill);
        var (below, above) = (steps.Last(step => step.Tokens <= tokens), steps.First(step => step.Tokens >= tokens));
        Assert.InRange(compute.Prefill(tokens).TotalMilliseconds, below.MedianMs - 1e-3, above.MedianMs + 1e-3);
    });

    [Theory]
    [InlineData(15)]
    [InlineData(8193)]
    public void Beyond_what_was_recorded_nothing_is_made_up(int tokens) => Assert.Throws<ArgumentOutOfRangeException>(() => Recorded.H100Prefill().Prefill(tokens));

    [Fact]
    public void A_first_token_waits_for_prefill_transfer_and_one_step()
    {
        var parts = Recorded.H100Prefill().Ttft(2048, Recorded.H100Copies()["to pinned host memory"]);
        Assert.Equal(55.646526, parts.Prefill.TotalMilliseconds, 1e-3);
        Assert.Equal(4.8842, parts.Transfer.TotalMilliseconds, 1e-3);
        Assert.Equal(8.266752, parts.FirstToken.TotalMilliseconds, 1e-3);
        Assert.Equal(4.8842 / (55.646526 + 4.8842 + 8.266752), parts.TransferShare, 1e-4);
    }

    [Fact]
    public void Between_GPU_memories_of_two_Sparks_moving_a_long_prompt_loses_and_between_host_memories_it_wins()
    {
        var compute = Recorded.SparkPrefill(ShapeFiles.Llama8B);
        Assert.False(compute.MovingPays(Recorded.SparkNixl()["NIXL GPU memory"], 2048));
        Assert.True(compute.MovingPays(Recorded.SparkNixl()["NIXL host memory"], 2048));
    }

    [Fact]
    public void Of_a_mixture_of_experts_a_bound_is_known()
    {
        var compute = Recorded.SparkPrefill(ModelShape.Named("DeepSeek-V3"));
        Assert.True(compute.Prefill(4096) > compute.Prefill(1) && compute.Prefill(1) > TimeSpan.Zero);
    }
}
