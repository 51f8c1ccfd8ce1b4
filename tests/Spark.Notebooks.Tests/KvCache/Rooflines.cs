using CsCheck;

namespace Spark.Notebooks.Tests;

public class Rooflines
{
    static readonly Roofline Ceilings = new(FlopPerSecond: 100e9, BytesPerSecond: 20e9);

    [Fact]
    public void The_slower_of_computing_and_reading_sets_the_time() => Gen.Select(Gen.Double[1, 1e12], Gen.Double[1, 1e12]).Sample((flop, bytes) =>
    {
        var work = new Work(flop, bytes);
        var longer = Ceilings.ComputeTime(work) > Ceilings.ReadTime(work) ? Ceilings.ComputeTime(work) : Ceilings.ReadTime(work);
        Assert.Equal(longer, Ceilings.Predict(work));
    });

    [Fact]
    public void Both_ceilings_meet_at_the_ridge()
    {
        Assert.Equal(5, Ceilings.Ridge);
        Assert.Equal(100e9, Ceilings.Attainable(Ceilings.Ridge));
        Assert.Equal(50e9, Ceilings.Attainable(Ceilings.Ridge / 2));
        Assert.Equal(100e9, Ceilings.Attainable(Ceilings.Ridge * 2));
    }

    [Fact]
    public void The_shortest_compute_bound_prompt_is_the_shortest() => Gen.Double[1, 500].Sample(ridge =>
    {
        var roofline = new Roofline(ridge * 1e9, 1e9);
        var tokens = roofline.ComputeBoundFrom(ShapeFiles.Llama8B)!.Value;
        Assert.True(roofline.IsComputeBound(ShapeFiles.Llama8B.Prefill(tokens)));
        Assert.True(tokens == 1 || !roofline.IsComputeBound(ShapeFiles.Llama8B.Prefill(tokens - 1)));
    });

    [Fact]
    public void A_ridge_out_of_reach_leaves_no_compute_bound_prompt() =>
        Assert.Null(new Roofline(1e15, 1e9).ComputeBoundFrom(ShapeFiles.Tales, longest: 2048));

    [Fact]
    public void No_recorded_step_of_the_H100_is_faster_than_its_roofline_allows()
    {
        var gpu = Recorded.H100();
        Assert.All(gpu.RooflinePoints, point => Assert.True(point.Measured > gpu.Roofline.Predict(point.Work)));
    }

    [Fact]
    public void The_recorded_prefill_bends_where_the_roofline_says()
    {
        // Flat up to 256 tokens, rising from 512 on; the ridge puts the bend between them.
        var tokens = Recorded.H100().Roofline.ComputeBoundFrom(ShapeFiles.Llama8B);
        Assert.InRange(tokens!.Value, 200, 512);
    }
}
