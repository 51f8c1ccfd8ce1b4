namespace Spark.Notebooks.Tests;

public sealed class PredictingSteps
{
    static readonly ModelShape Shape = ModelShape.Named("Llama-3.1-8B");
    static readonly StepPredictor Bound = new(Shape, new(1e14, 1e12));

    [Fact]
    public void From_the_ceilings_alone_it_is_the_roofline()
    {
        Assert.Equal(Bound.Ceilings.Predict(Shape.Prefill(4096)), Bound.Prefill(4096));
        Assert.Equal(Bound.Ceilings.Predict(Shape.DecodeStep(8, 512)), Bound.DecodeStep(8, 512));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Calibrating_finds_the_shares_that_made_the_measurements(bool overlaps)
    {
        var real = Bound with { Overlaps = overlaps, ComputeShare = 0.7, WeightShare = 0.6, KvShare = 0.5 };
        var found = (Bound with { Overlaps = overlaps }).Calibrate((4096, real.Prefill(4096)), (64, real.DecodeStep(1, 64)), (32768, real.DecodeStep(1, 32768)));
        Assert.Equal(real.ComputeShare, found.ComputeShare, 3);
        Assert.Equal(real.WeightShare, found.WeightShare, 3);
        Assert.Equal(real.KvShare, found.KvShare, 3);
    }

    [Fact]
    public void A_chunk_reads_the_weights_no_second_time() =>
        Assert.True((Bound with { Overlaps = false }).MixedStep(16, 512, 64) < (Bound with { Overlaps = false }).DecodeStep(16, 512) + (Bound with { Overlaps = false }).Prefill(64));

    [Fact]
    public void Prompts_faster_than_steps_can_take_them_in_are_refused()
    {
        Assert.True(Bound.StepUnderLoad(16, 512, 2048, 1) > Bound.DecodeStep(16, 512));
        Assert.Throws<InvalidOperationException>(() => Bound.StepUnderLoad(16, 512, 2048, 1000));
    }
}
