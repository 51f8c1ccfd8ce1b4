namespace Spark.Notebooks.Tests;

public sealed class KeyPointsSay
{
    [Fact]
    public void What_replication_came_to()
    {
        var points = KeyPoints.Replication(ExperimentSamples.ProxyHop, ExperimentSamples.Scaling, ExperimentSamples.Routing).ToText();
        Assert.Contains("The gateway adds 1 ms to a TTFT of 40 ms (median of 8 pairs; 1 to 1 ms with 95 % confidence)", points);
        Assert.Contains("one node's throughput; 2× would be perfect", points);
        Assert.Contains("p90 TTFT is 48 ms with power-of-two and 50 ms with round-robin", points);
    }

    [Fact]
    public void That_a_hop_which_noise_covers_is_not_known()
    {
        LoadRun direct = StudySamples.Run(StudySamples.Single with { Path = LoadTarget.Direct }, 40, 3), through = StudySamples.Run(StudySamples.Single, 41, 3);
        var slower = StudySamples.Run(StudySamples.Single, 38, 3).Requests;
        var hop = new ProxyHop(new([direct]), new([through with { Requests = [.. through.Requests.Select((request, i) => i % 2 == 0 ? request : slower[i])] }]));
        Assert.Contains("less than 8 pairs can tell from nothing: at most 1 ms in the median", KeyPoints.Replication(hop, ExperimentSamples.Scaling, ExperimentSamples.Routing).ToText());
    }

    [Fact]
    public void What_disaggregation_came_to_whichever_way_it_went()
    {
        var same = SameAnswers.Of(["single", "pair"], [[[1, 2]], [[1, 2]]]);
        var points = KeyPoints.Disaggregation(same, ExperimentSamples.Transport, ExperimentSamples.Interference, StudySamples.Study.Verdict()).ToText();
        Assert.Contains("2 ms over shm and 3 ms over tcp", points);
        Assert.Contains("30 ms on replicated ×2, 3 ms on disaggregated 1P1D: which of them is steadiest is too close to call", points);
        Assert.Contains("Disaggregation loses chat", points);
        Assert.Contains("its prefill node was busy 50 % of the time", points);
    }

    [Fact]
    public void What_was_recorded_on_Sparks_and_what_is_wrong_with_it()
    {
        var recorded = Recorded.SparkArchitectures();
        Assert.Equal(["single", "replicated", "disaggregated"], recorded.Select(one => one.Name));
        Assert.Equal([122.5, 26.5, 104.0], recorded.Select(one => Math.Round(one.OutputTokensPerSecond, 1)));
        Assert.Contains("stalled", recorded[1].Flaw);
        Assert.Contains("Known flaws", recorded.Summary().ToHtml());
    }
}
