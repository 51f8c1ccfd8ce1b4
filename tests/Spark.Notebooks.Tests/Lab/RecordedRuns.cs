namespace Spark.Notebooks.Tests;

public class RecordedRuns
{
    [Fact]
    public void The_Spark_sweep_is_the_single_node_one_and_no_other()
    {
        var sweep = Recorded.SparkSweep();
        Assert.Equal(10, sweep.Points.Count);
        Assert.Equal(sweep.Points.OrderBy(point => point.Concurrency), sweep.Points);
        var (alone, most) = (sweep.Points[0], sweep.Points[^1]);
        Assert.Equal(("synchronous", 7, 14.2071, 144.3338, 69.4627), (alone.Strategy, alone.Completed, alone.OutputTokensPerSecond, alone.TtftMedianMs, alone.ItlMedianMs));
        Assert.Equal(("throughput", 189, 509, 405.9647, 332.9272), (most.Strategy, most.Completed, most.Incomplete, most.OutputTokensPerSecond, most.ItlMedianMs));
    }

    [Fact]
    public void The_Spark_batch_has_the_wall_time_that_was_printed_and_not_the_latency_that_was_derived()
    {
        var batch = Recorded.SparkBatch();
        Assert.Equal((8, 800, TimeSpan.FromSeconds(6.53)), (batch.Requests, batch.OutputTokens, batch.WallTime));
        Assert.Equal(122.5, batch.OutputTokensPerSecond, 1);
    }

    [Fact]
    public void The_Spark_single_request_has_the_token_count_that_was_printed_and_not_the_overwritten_one()
    {
        var single = Recorded.SparkSingle();
        Assert.Equal(100, single.OutputTokens);
        Assert.Equal(14.547, single.OutputTokensPerSecond, 3);
    }

    [Fact]
    public void The_H100_has_its_ceilings_and_step_times()
    {
        var gpu = Recorded.H100();
        Assert.Equal(new(777.28174e12, 2921.078863e9), gpu.Roofline);
        Assert.Equal(9, gpu.Prefill.Count);
        Assert.Equal(new(512, 1, 0, 15.493376, 14.779, 15.748), gpu.Prefill.Single(step => step.Tokens == 512));
        Assert.Equal(14, gpu.Decode.Count);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64], gpu.DecodeAtOneContext.Select(step => step.Batch));
    }

    [Fact]
    public void Every_recording_carries_its_source_and_its_flaws_from_the_README()
    {
        Assert.Contains("guidellm 0.5.3", Recorded.SparkSweep().Provenance.Text, StringComparison.Ordinal);
        Assert.Contains("only the single-node sweep is valid", Recorded.SparkSweep().Provenance.Text, StringComparison.Ordinal);
        Assert.Contains("elizabetht/spark", Recorded.SparkBatch().Provenance.Text, StringComparison.Ordinal);
        Assert.Contains("Known flaws: not vLLM", Recorded.H100().Provenance.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_row_in_the_README_has_no_provenance() =>
        Assert.Throws<InvalidDataException>(() => new RecordedFiles(RepositoryRoot.Combine("data/recorded")).Provenance("z_unknown.csv"));
}
