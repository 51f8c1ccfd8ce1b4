using CsCheck;

namespace Spark.Notebooks.Tests;

public class ComparingFairly
{
    static readonly Metric Ttft = Metric.MedianTtft;

    [Fact]
    public void Runs_that_differ_in_their_architecture_alone_are_compared() =>
        Assert.Equal("replicated ×2", Comparison.Of(Ttft, Repeated(StudySamples.Disaggregated, 100, 110), Repeated(StudySamples.Replicated, 50, 55)).Winner);

    public static TheoryData<string, LoadRun> Unlike => new()
    {
        { "the workloads differ", StudySamples.Run(StudySamples.Replicated, 50, 5, fingerprint: "other prompts") },
        { "the models differ", StudySamples.Run(StudySamples.Replicated with { ModelName = "another" }, 50, 5) },
        { "the load arrives differently", StudySamples.Run(StudySamples.Replicated, 50, 5) with { Name = "closed loop, concurrency 4" } },
        { "measure both on one path", StudySamples.Run(StudySamples.Replicated with { Path = LoadTarget.Direct }, 50, 5) },
        { "more hardware is no better architecture", StudySamples.Run(StudySamples.Single, 50, 5) },
        { "nobody proved", StudySamples.Run(StudySamples.Replicated, 50, 5) with { IdentityProven = false } },
        { "the engines count", StudySamples.Run(StudySamples.Replicated, 50, 5) with { Metrics = [new() { Node = "node-0", GenerationTokens = 1 }] } },
        { "the gateway does not know", WithFirst(request => request with { Routed = null }) },
        { "1 request failed", WithFirst(request => request with { Error = "503" }) },
        { "got fewer tokens than asked for", WithFirst(request => request with { RequestedTokens = 99 }) },
        { "fell back to a prefill on the decode engine", WithFirst(request => request with { Routed = request.Routed! with { Fallback = "prefill_error" } }) },
    };

    [Theory, MemberData(nameof(Unlike))]
    public void Runs_that_are_not_alike_get_no_ratio_but_a_reason(string reason, LoadRun run)
    {
        var comparison = Comparison.Of(Ttft, Repeated(StudySamples.Disaggregated, 100, 110), new([run]));
        Assert.False(comparison.IsFair);
        Assert.Equal(((double?)null, (string?)null), (comparison.Ratio, comparison.Winner));
        Assert.Contains(reason, comparison.ToText());
    }

    [Fact]
    public void Prompts_computed_elsewhere_without_a_byte_transferred_are_not_believed()
    {
        var run = StudySamples.Run(StudySamples.Disaggregated, 50, 5);
        run = run with { Metrics = [.. run.Metrics.Select(engine => engine with { BytesTransferred = 0 })] };
        Assert.Contains("no KV blocks reached the other", Comparison.Of(Ttft, Repeated(StudySamples.Replicated, 50, 60), new([run])).ToText());
    }

    [Fact]
    public void A_difference_that_is_stated_is_allowed_and_shown()
    {
        var comparison = Comparison.Of(Ttft, Repeated(StudySamples.Single, 100, 110), Repeated(StudySamples.Replicated, 50, 55), Difference.Hardware);
        Assert.Equal("replicated ×2", comparison.Winner);
        Assert.Contains("Stated difference: hardware", comparison.ToText());
    }

    [Fact]
    public void Who_wins_does_not_depend_on_who_is_the_baseline() => Gen.Select(Gen.Double[10, 200].Array[1, 4], Gen.Double[10, 200].Array[1, 4]).Sample((one, two) =>
    {
        var (replicated, disaggregated) = (Repeated(StudySamples.Replicated, one), Repeated(StudySamples.Disaggregated, two));
        var (there, back) = (Comparison.Of(Ttft, replicated, disaggregated), Comparison.Of(Ttft, disaggregated, replicated));
        return there.Winner == back.Winner && Math.Abs((there.Ratio!.Value * back.Ratio!.Value) - 1) < 1e-9;
    });

    [Fact]
    public void A_winner_has_no_repeat_in_the_others_range_and_a_difference_that_matters() => Gen.Select(Gen.Double[10, 200].Array[1, 4], Gen.Double[10, 200].Array[1, 4]).Sample((one, two) =>
    {
        var winner = Comparison.Of(Ttft, Repeated(StudySamples.Replicated, one), Repeated(StudySamples.Disaggregated, two)).Winner;
        var apart = Math.Min(one.Length, two.Length) > 1 && (one.Max() < two.Min() || two.Max() < one.Min());
        return winner == Comparison.TooClose || (apart && winner == (one.Max() < two.Min() ? "replicated ×2" : "disaggregated 1P1D"));
    });

    [Fact]
    public void Repeats_within_five_percent_of_one_another_decide_nothing() =>
        Assert.Equal(Comparison.TooClose, Comparison.Of(Ttft, Repeated(StudySamples.Replicated, 100, 100.1), Repeated(StudySamples.Disaggregated, 103, 103.1)).Winner);

    [Fact]
    public void Where_all_keep_every_promise_nobody_wins_by_answering_the_last_request_sooner()
    {
        var comparison = Comparison.Of(Metric.Goodput(Promise), Repeated(StudySamples.Replicated, 50, 50), Repeated(StudySamples.Disaggregated, 400, 400));
        Assert.True(comparison.Baseline.Median > 0);
        Assert.Equal((comparison.Baseline.Median, Comparison.TooClose), (comparison.Other.Median, comparison.Winner));
    }

    [Theory]
    [InlineData(1, Comparison.TooClose)]
    [InlineData(2, "replicated ×2")]
    public void A_single_broken_promise_decides_nothing_and_two_in_every_repeat_do(int broken, string winner)
    {
        var late = StudySamples.Run(StudySamples.Disaggregated, 900, 5);
        var run = late with { Requests = [.. late.Requests.Take(broken), .. StudySamples.Run(StudySamples.Disaggregated, 50, 5).Requests.Skip(broken)] };
        var comparison = Comparison.Of(Metric.Goodput(Promise), Repeated(StudySamples.Replicated, 50, 50), new([run, run]));
        Assert.Equal(winner, comparison.Winner);
        Assert.Equal(broken == 1, comparison.ToText().Contains("since a single request decides", StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_measurement_decides_nothing() =>
        Assert.Contains("since it was measured once", Comparison.Of(Ttft, Repeated(StudySamples.Replicated, 100), Repeated(StudySamples.Disaggregated, 500)).ToText());

    static Slo Promise { get; } = new() { Ttft = TimeSpan.FromMilliseconds(500) };

    static RepeatedRun Repeated(LoadTarget target, params double[] ttftMs) => new([.. ttftMs.Select(ttft => StudySamples.Run(target, ttft, 5))]);

    static LoadRun WithFirst(Func<RequestTimeline, RequestTimeline> change)
    {
        var run = StudySamples.Run(StudySamples.Replicated, 50, 5);
        return run with { Requests = [change(run.Requests[0]), .. run.Requests.Skip(1)] };
    }
}
