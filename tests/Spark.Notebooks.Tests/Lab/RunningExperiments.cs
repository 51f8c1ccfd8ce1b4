namespace Spark.Notebooks.Tests;

/// <summary>What experiments make of runs whose every latency is known.</summary>
public sealed class RunningExperiments
{
    [Fact]
    public void The_hop_is_the_difference_of_the_same_requests()
    {
        Assert.Equal(1, ExperimentSamples.ProxyHop.Ttft.Median, 1e-6);
        Assert.Equal(1 + (15 * 0.1), ExperimentSamples.ProxyHop.E2el.Median, 1e-6);
    }

    [Fact]
    public void Work_that_falls_on_one_of_two_nodes_is_twice_the_mean() =>
        Assert.Equal(2, RoutingStudy.Imbalance(StudySamples.Run(StudySamples.Replicated, 50, 4)));

    [Fact]
    public void Strong_scaling_compares_the_same_clients_and_weak_scaling_the_same_clients_a_node()
    {
        var scaling = ExperimentSamples.Scaling;
        Assert.Equal([1, 2, 4], scaling.Strong(Metric.OutputThroughput).Select(level => level.Concurrency));
        Assert.Equal([1, 2], scaling.Weak(Metric.OutputThroughput).Select(level => level.Concurrency));
        Assert.All(scaling.Strong(Metric.MedianE2el), level => Assert.Equal(("replicated ×2", 0.5), (level.Comparison.Winner, Math.Round(level.Comparison.Ratio!.Value, 2))));
        Assert.Contains("hardware, workload", scaling.Weak(Metric.OutputThroughput).First().Comparison.ToText());
    }

    [Fact]
    public void A_transfers_time_and_bandwidth_are_the_decode_engines()
    {
        var run = ExperimentSamples.Transferring("tcp", 4);
        Assert.Equal(4, TransportStudy.Milliseconds(run));
        Assert.Equal((8 << 20) / 0.032, TransportStudy.BytesPerSecond(run), 1e-3);
    }

    [Fact]
    public void Gaps_before_the_first_long_prompt_are_quiet_and_those_after_are_not()
    {
        var interference = ExperimentSamples.Interference;
        var run = interference.Runs[0].Runs[0];
        Assert.Equal(interference.Gaps(run).Count(), interference.Quiet(run).Count + interference.Disturbed(run).Count);
        Assert.Equal(3, interference.LongPrompts(run).Count());
        Assert.Equal(0, interference.Spikes(run));
        Assert.Equal("disaggregated 1P1D", (interference with { Runs = [.. interference.Runs.Select(runs => new RepeatedRun([runs.Runs[0], runs.Runs[0]]))] }).Stall().Winner);
    }

    [Fact]
    public void The_first_token_that_differs_is_named()
    {
        Assert.True(SameAnswers.Of(["single", "pair"], [[[1, 2, 3], [4]], [[1, 2, 3], [4]]]).Equal);
        var unlike = SameAnswers.Of(["single", "pair"], [[[1, 2, 3], [4, 5]], [[1, 2, 3], [4, 9]]]);
        Assert.Contains("pair: request 1 differs from token 2 on (token id 9 instead of token id 5)", unlike.ToText());
        Assert.False(SameAnswers.Of(["single", "pair"], [[[1, 2]], [[1]]]).Equal);
    }

    [Fact]
    public void The_parts_of_a_TTFT_add_up_to_it()
    {
        var run = StudySamples.Run(StudySamples.Disaggregated, 100, 5);
        var (prefill, decode) = (run.Metrics[0], run.Metrics[1]);
        HistogramTotals Each(double ms) => new(8, TimeSpan.FromMilliseconds(8 * ms));
        run = run with { Metrics = [prefill with { QueueTime = Each(5), PrefillTime = Each(50) }, decode with { QueueTime = Each(7), TransferTime = Each(4), PrefillTime = Each(6) }] };
        var parts = TtftBreakdown.Of(new RepeatedRun([run]));
        Assert.Equal((5.0, 50.0, 4.0, 3.0, 6.0), (parts.Queue, parts.Prefill, parts.Transfer, parts.DecodeQueue, parts.FirstToken));
        Assert.Equal(run.Ttft.Mean, parts.Total, 1e-9);
    }
}
