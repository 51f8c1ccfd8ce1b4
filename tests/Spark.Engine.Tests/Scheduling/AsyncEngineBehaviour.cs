namespace Spark.Engine.Tests;

public sealed class AsyncEngineBehaviour : IDisposable
{
    static readonly int[] Prompt = [1, 2, 3, 4, 5];
    readonly TinyModel model = new(("max_position_embeddings", 60_000));   // long enough that a request outlives what is done to it

    [Fact(Timeout = 30_000)]
    public async Task Requests_from_many_threads_get_the_tokens_that_each_would_get_alone()
    {
        using var engine = Start();
        var together = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => Tokens(engine, $"{i}", 5 + i))));
        foreach (var (tokens, i) in together.Select((t, i) => (t, i)))
            Assert.Equal(tokens, await Tokens(engine, $"again-{i}", 5 + i));
    }

    [Fact(Timeout = 30_000)]
    public async Task Cancelling_a_stream_frees_its_blocks_and_leaves_the_others_alone()
    {
        using var engine = Start();
        using var stop = new CancellationTokenSource();
        var other = Tokens(engine, "other", 200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in engine.GenerateAsync(new EngineRequest("a", Prompt, TestEngine.Greedy(50_000)), stop.Token))
                await stop.CancelAsync();
        });
        Assert.Equal(200, (await other).Count);
        await Idle(engine);
    }

    [Fact(Timeout = 30_000)]
    public async Task Leaving_a_stream_early_aborts_the_request()
    {
        using var engine = Start();
        await foreach (var _ in engine.GenerateAsync(new EngineRequest("a", Prompt, TestEngine.Greedy(50_000)), default))
            break;
        await Idle(engine);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_second_request_with_a_live_id_is_refused_and_the_first_one_goes_on()
    {
        using var engine = Start();
        var tokens = 0;
        await foreach (var _ in engine.GenerateAsync(new EngineRequest("a", Prompt, TestEngine.Greedy(50_000)), default))
            if (++tokens == 1)
                await Assert.ThrowsAsync<InvalidOperationException>(() => Tokens(engine, "a", 5));
            else if (tokens == 1_000)
                break;
        Assert.Equal(1_000, tokens);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failing_step_ends_every_stream_with_its_error_and_later_requests_too()
    {
        using var engine = Start();
        var running = Tokens(engine, "running", 50_000);
        var bad = new EngineRequest("bad", [int.MaxValue], TestEngine.Greedy(1));   // no such row of the embedding: what no validation lets through
        await Assert.ThrowsAsync<EngineDeadException>(() => Consume(engine, bad));
        await Assert.ThrowsAsync<EngineDeadException>(() => running);
        await Assert.ThrowsAsync<EngineDeadException>(() => Tokens(engine, "later", 1));
    }

    AsyncEngine Start()
    {
        var loaded = LoadedModel.Load(model.Options, EngineLog.None);
        var capacity = KvCapacity.Of(model.Options, loaded.Layout, loaded.Limits.MaxModelLen, loaded.WeightBytes, loaded.Llama.ActivationBytes);
        return new AsyncEngine(new Engine(loaded, capacity, model.Options, TimeProvider.System), loaded, capacity, model.Options, EngineLog.None);
    }

    static async Task Idle(AsyncEngine engine)
    {
        while (engine.Stats is not { Running: 0, Waiting: 0, KvCacheUsage: 0 })
            await Task.Delay(1);
    }

    static Task<List<int>> Tokens(AsyncEngine engine, string id, int count) => Consume(engine, new EngineRequest(id, Prompt, TestEngine.Greedy(count)));

    static async Task<List<int>> Consume(AsyncEngine engine, EngineRequest request)
    {
        var tokens = new List<int>();
        await foreach (var output in engine.GenerateAsync(request, default))
            tokens.Add(output.Token!.Value);
        return tokens;
    }

    public void Dispose() => model.Dispose();
}
