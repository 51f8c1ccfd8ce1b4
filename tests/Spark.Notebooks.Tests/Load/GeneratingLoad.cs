namespace Spark.Notebooks.Tests;

public class GeneratingLoad
{
    static readonly Workload Twelve = new()
    {
        Recipe = "twelve of 4 and 3",
        Requests = [.. Enumerable.Range(0, 12).Select(i => new PromptRequest([i, 1, 2, 3], 3))],
    };

    [Fact]
    public async Task A_closed_loop_sends_each_request_once_and_keeps_as_many_in_flight_as_asked()
    {
        await using var server = await FakeVllm.StartAsync(Slowly);
        var run = await RunAsync(server, new ClosedLoop(4));
        Assert.Equal(Enumerable.Range(0, 12), run.Requests.Select(request => request.Index));
        Assert.Equal(12, run.Completed);
        Assert.Equal(4, server.MostRunning);
        Assert.Equal("closed loop, concurrency 4", run.Name);
        Assert.Equal(Twelve.Recipe, run.Recipe);
        Assert.True(run.Requests.Max(request => request.Sent + request.E2el) <= run.Duration);
    }

    [Fact]
    public async Task A_static_batch_waits_for_its_last_request_before_the_next_is_sent()
    {
        await using var server = await FakeVllm.StartAsync(Slowly);
        var run = await RunAsync(server, new StaticBatches(5));
        var batches = run.Requests.Chunk(5).ToArray();
        Assert.Equal([5, 5, 2], batches.Select(batch => batch.Length));
        Assert.All(batches.Zip(batches.Skip(1)), pair => Assert.True(pair.First.Max(request => request.TokenTimes[^1]) <= pair.Second.Min(request => request.Sent)));
    }

    [Fact]
    public async Task Warm_up_requests_are_sent_before_counted_and_in_no_figure()
    {
        await using var server = await FakeVllm.StartAsync();
        var run = await RunAsync(server, new ClosedLoop(4));
        Assert.Equal(4, run.WarmupRequests);
        Assert.Equal(4 + 12, server.Received.Count);
        var salts = server.Received.Select(request => request.GetProperty("cache_salt").GetString()).ToList();
        Assert.Single(salts.Take(4).Distinct());
        Assert.Single(salts.Skip(4).Distinct());
        Assert.NotEqual(salts[0], salts[4]);
    }

    [Fact]
    public async Task Two_runs_of_one_workload_never_share_a_cache_salt()
    {
        await using var server = await FakeVllm.StartAsync();
        await RunAsync(server, new ClosedLoop(1));
        await RunAsync(server, new ClosedLoop(1));
        Assert.Equal(4, server.Received.Select(request => request.GetProperty("cache_salt").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_engines_counters_are_those_of_the_run_alone()
    {
        await using var server = await FakeVllm.StartAsync(Slowly);
        var run = await RunAsync(server, new ClosedLoop(3));
        Assert.Equal(36, run.Metrics.Single().GenerationTokens);
        Assert.Equal(0, run.Metrics.Single().Running);
        Assert.True(run.EnginesAgree);
        Assert.NotEmpty(run.Samples);
        Assert.All(run.Samples, sample => Assert.InRange(sample.Running, 0, 3));
        Assert.Equal(run.Samples.OrderBy(sample => sample.At), run.Samples);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_failure_nothing_more_is_sent_and_the_run_has_no_figures(bool closedLoop)
    {
        await using var server = await FakeVllm.StartAsync(async (server, request, response) =>
        {
            if (request.GetProperty("prompt")[0].GetInt32() == 3)
                response.StatusCode = 500;
            else
                await server.StreamAsync(request, response);
        });
        var run = await RunAsync(server, closedLoop ? new ClosedLoop(1) : new StaticBatches(2));
        Assert.Equal(1, run.Failed);
        Assert.Equal(8, run.Unsent);
        Assert.Equal(4, run.Requests.Count);
        Assert.Throws<InvalidOperationException>(() => run.OutputTokensPerSecond);
    }

    [Fact]
    public async Task A_failing_warm_up_ends_the_run_with_the_servers_words()
    {
        await using var server = await FakeVllm.StartAsync((_, _, response) =>
        {
            response.StatusCode = 503;
            return Task.CompletedTask;
        });
        var error = await Assert.ThrowsAsync<LoadException>(() => RunAsync(server, new ClosedLoop(1)));
        Assert.StartsWith("The warm-up was given up: request 0 (4 prompt tokens, 3 to generate) on node-0 failed: 503", error.Message);
    }

    [Fact]
    public async Task A_run_survives_an_engine_that_dies_in_it()
    {
        var server = await FakeVllm.StartAsync(async (server, request, response) =>
        {
            if (request.GetProperty("prompt")[0].GetInt32() == 5)
                response.HttpContext.Abort();
            await server.StreamAsync(request, response);
        });
        var dies = Task.Run(async () =>
        {
            while (server.Received.Count < 7)
                await Task.Delay(5);
            await server.DisposeAsync();
        });
        var run = await RunAsync(server, new ClosedLoop(1));
        Assert.Equal(1, run.Failed);
        await dies;
    }

    [Fact]
    public async Task A_run_is_refused_while_someone_else_uses_the_engine()
    {
        await using var server = await FakeVllm.StartAsync((server, request, response) =>
            request.GetProperty("max_tokens").GetInt32() == 77 ? Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted) : server.StreamAsync(request, response));
        using var someone = new CompletionClient(server.Target, TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var theirs = someone.SendAsync(0, new([1], 77), "someone", 0, cancel.Token);
        while (server.MostRunning == 0)
            await Task.Delay(5);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(server, new ClosedLoop(1)));
        Assert.Contains("node-0 is at work on 1 requests of someone else", error.Message);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => theirs);
    }

    [Fact]
    public async Task Cancelling_ends_a_run()
    {
        await using var server = await FakeVllm.StartAsync(Slowly);
        using var cancel = new CancellationTokenSource();
        var run = RunAsync(server, new ClosedLoop(2), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_sweep_times_every_length_as_often_as_asked_in_shuffled_order_with_prompts_that_share_nothing()
    {
        await using var server = await FakeVllm.StartAsync();
        var sweep = await Sweep.RunAsync(server.Target, "TTFT", "prompt tokens", [64, 16, 256], prompt => (prompt, 1), request => request.Ttft, repeats: 4, seed: 1, default);
        Assert.Equal([16, 64, 256], sweep.Points.Select(point => point.Tokens));
        Assert.All(sweep.Points, point => Assert.Equal(4, point.Latency.Count));
        Assert.All(sweep.Points, point => Assert.All(point.Repeats, request => Assert.Equal(point.Tokens, request.PromptTokens)));
        Assert.Equal(3, sweep.WarmupRequests);

        var prompts = server.Received.Select(request => request.GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32()).ToArray()).ToList();
        Assert.Equal(15, prompts.Select(prompt => string.Join(' ', prompt.Take(16))).Distinct().Count());
        var lengths = prompts.Skip(3).Select(prompt => prompt.Length).ToList();
        Assert.NotEqual(lengths.Order(), lengths);
        Assert.NotEqual(lengths.OrderDescending(), lengths);
    }

    [Fact]
    public async Task A_context_sweep_centres_its_gaps_on_the_context_asked_for()
    {
        await using var server = await FakeVllm.StartAsync();
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", new() { Model = "m", Nodes = [new() { Name = "a", Cores = "auto", DeviceMemory = "1GiB", Ports = "auto" }] }, [], FakeEngine.Executable());
        var sweep = await Sweep.ItlAsync(await cluster.ServeAsync(Topology.Single), [100, 50], outputTokens: 9, repeats: 2);
        Assert.Equal([50, 100], sweep.Points.Select(point => point.Tokens));
        Assert.Equal([46, 96], sweep.Points.Select(point => point.Repeats[0].PromptTokens));
        Assert.All(sweep.Points, point => Assert.Equal(2, point.Latency.Count));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Sweep.ItlAsync(await cluster.ServeAsync(Topology.Single), [4], outputTokens: 9));
    }

    static Task Slowly(FakeVllm server, System.Text.Json.JsonElement request, Microsoft.AspNetCore.Http.HttpResponse response) =>
        server.StreamAsync(request, response, _ => Task.Delay(request.GetProperty("prompt")[0].GetInt32() % 3 * 5 + 10));

    static async Task<LoadRun> RunAsync(FakeVllm server, IArrivals arrivals, CancellationToken cancellation = default)
    {
        using var generator = new LoadGenerator(server.Target);
        return await generator.RunAsync(Twelve, arrivals, sampled: true, cancellation);
    }
}
