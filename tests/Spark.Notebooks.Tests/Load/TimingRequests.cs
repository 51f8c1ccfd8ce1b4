namespace Spark.Notebooks.Tests;

public class TimingRequests
{
    // Sent at 10 ms; chunks at 60, 70, 90 and 130 ms.
    static readonly RequestTimeline Four = Request(4, 60, 70, 90, 130);

    [Fact]
    public void TTFT_runs_from_sending_to_the_first_chunk() => Assert.Equal(TimeSpan.FromMilliseconds(50), Four.Ttft);

    [Fact]
    public void ITL_is_every_gap_between_chunks() => Assert.Equal([10, 20, 40], Four.Itl.Select(gap => gap.TotalMilliseconds));

    [Fact]
    public void TPOT_spreads_the_time_after_the_first_token_over_the_tokens_after_it() => Assert.Equal(70.0 / 3, Four.Tpot!.Value.TotalMilliseconds, 1e-3);

    [Fact]
    public void TPOT_counts_tokens_and_not_chunks() => Assert.Equal(TimeSpan.FromMilliseconds(10), (Four with { OutputTokens = 8 }).Tpot);

    [Fact]
    public void E2EL_runs_from_sending_to_the_last_chunk() => Assert.Equal(TimeSpan.FromMilliseconds(120), Four.E2el);

    [Fact]
    public void A_single_token_has_neither_ITL_nor_TPOT()
    {
        var one = Request(1, 60);
        Assert.Empty(one.Itl);
        Assert.Null(one.Tpot);
        Assert.Equal(one.Ttft, one.E2el);
    }

    [Fact]
    public void A_failed_request_has_no_latencies_and_says_why()
    {
        var failed = Request(0) with { Error = "500 InternalServerError: gone" };
        Assert.False(failed.Succeeded);
        Assert.Contains("500 InternalServerError: gone", Assert.Throws<InvalidOperationException>(() => failed.Ttft).Message);
    }

    [Fact]
    public void Fewer_tokens_than_asked_for_are_flagged()
    {
        Assert.False(Four.IsShort);
        Assert.True((Four with { OutputTokens = 3 }).IsShort);
    }

    [Fact]
    public void A_runs_figures_follow_vllm_bench_serve()
    {
        var run = Run(Four, Four with { Index = 1, TokenTimes = [.. Milliseconds(40, 50)], OutputTokens = 2 }, Request(1, 100));
        Assert.Equal((3, 0), (run.Completed, run.Failed));
        Assert.Equal(7 / 0.2, run.OutputTokensPerSecond, 1e-9);
        Assert.Equal(3 / 0.2, run.RequestsPerSecond, 1e-9);
        Assert.Equal([50, 30, 90], run.Ttft.Values);
        Assert.Equal([10, 20, 40, 10], run.Itl.Values);
        Assert.Equal([70.0 / 3, 10], run.Tpot.Values, (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal([120, 40, 90], run.E2el.Values);
    }

    [Fact]
    public void A_run_with_failures_gives_no_figures_and_says_which_request_failed()
    {
        var run = Run(Four, Request(0) with { Index = 7, Error = "400 BadRequestError: too long" }) with { Unsent = 5 };
        var error = Assert.Throws<InvalidOperationException>(() => run.OutputTokensPerSecond);
        Assert.Contains("1 of 2 requests failed, and 5 were not sent. Request 7 on node-0: 400 BadRequestError: too long", error.Message);
        Assert.Throws<InvalidOperationException>(() => run.Ttft);
        Assert.Contains("1 of 2 requests failed", run.ToString());
    }

    [Fact]
    public void Engines_agree_only_when_they_generated_what_was_received()
    {
        var run = Run(Four, Four);
        Assert.True((run with { Metrics = [new() { Node = "a", GenerationTokens = 5 }, new() { Node = "b", GenerationTokens = 3 }] }).EnginesAgree);
        Assert.False((run with { Metrics = [new() { Node = "a", GenerationTokens = 9 }] }).EnginesAgree);
    }

    [Fact]
    public async Task Repeats_give_every_figure_its_spread()
    {
        var runs = new Queue<LoadRun>([Run(Four), Run(Four) with { Duration = TimeSpan.FromSeconds(0.1) }]);
        var repeated = await LoadRun.RepeatAsync(2, () => Task.FromResult(runs.Dequeue()));
        Assert.Equal([20, 40], repeated.OutputTokensPerSecond.Values);
        Assert.Equal(30, repeated.OutputTokensPerSecond.Median);
        Assert.Equal(50, repeated.Of(run => run.Ttft.P99, "ms").Max);
    }

    internal static RequestTimeline Request(int tokens, params double[] times) => new()
    {
        Index = 0,
        Node = "node-0",
        PromptTokens = 16,
        RequestedTokens = tokens,
        OutputTokens = tokens,
        Sent = TimeSpan.FromMilliseconds(10),
        TokenTimes = [.. Milliseconds(times)],
    };

    static LoadRun Run(params RequestTimeline[] requests) => new()
    {
        Name = "closed loop, concurrency 2",
        Target = new() { Topology = "single", Path = "direct", Model = "run-1", Endpoint = new("http://127.0.0.1:1"), Engines = [] },
        Recipe = "by hand",
        Concurrency = 2,
        WarmupRequests = 0,
        Requests = requests,
        Duration = TimeSpan.FromSeconds(0.2),
        Metrics = [],
        Samples = [],
    };

    static IEnumerable<TimeSpan> Milliseconds(params double[] times) => times.Select(TimeSpan.FromMilliseconds);
}
