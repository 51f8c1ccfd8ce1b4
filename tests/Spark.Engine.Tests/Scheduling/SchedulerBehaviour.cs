namespace Spark.Engine.Tests;

public sealed class SchedulerBehaviour : IDisposable
{
    readonly TinyModel model = new();

    [Fact]
    public void A_long_prompt_is_cut_to_the_budget_and_running_requests_go_first()
    {
        using var engine = TestEngine.Start(model.Options with { MaxNumBatchedTokens = 20 });
        engine.Add(Request("short", 8, 5));
        Assert.Single(engine.Step());
        engine.Add(Request("long", 50, 2));
        Assert.Equal(["short"], engine.Step().Select(o => o.RequestId));   // 1 + 19 tokens
        Assert.Equal(20, engine.StepTokens);
        Assert.Equal(["short"], engine.Step().Select(o => o.RequestId));   // 1 + 19
        Assert.Equal(["short", "long"], engine.Step().Select(o => o.RequestId));   // 1 + 12
        Assert.Equal(13, engine.StepTokens);
    }

    [Fact]
    public void No_more_than_max_num_seqs_run_and_the_others_wait_in_order()
    {
        using var engine = TestEngine.Start(model.Options with { MaxNumSeqs = 2 });
        foreach (var id in "abcd")
            engine.Add(Request($"{id}", 4, 2));
        engine.Step();
        Assert.Equal((2, 2), (engine.Stats.Running, engine.Stats.Waiting));
        engine.Step();
        Assert.Equal(["c", "d"], engine.Step().Select(o => o.RequestId));
    }

    [Fact]
    public void The_engines_seed_fixes_what_requests_without_a_seed_of_their_own_draw()
    {
        List<int>[] Drawn(int seed)
        {
            using var engine = TestEngine.Start(model.Options with { Seed = seed });
            foreach (var id in "ab")
                engine.Add(new EngineRequest($"{id}", [1, 2, 3], new SamplingParams { Temperature = 1, MaxTokens = 20, IgnoreEos = true }));
            return [.. engine.Drain().OrderBy(entry => entry.Key).Select(entry => entry.Value)];
        }
        var drawn = Drawn(7);
        Assert.Equal(drawn, Drawn(7));
        Assert.NotEqual(drawn[0], drawn[1]);
        Assert.NotEqual(drawn, Drawn(8));
    }

    [Fact]
    public void When_blocks_run_out_the_youngest_is_preempted_and_still_gives_the_same_tokens()
    {
        using var roomy = TestEngine.Start(model.Options);
        using var tight = TestEngine.Start(model.Options, blocks: 16);
        foreach (var engine in new[] { roomy, tight })
            foreach (var id in "abcd")
                engine.Add(Request($"{id}", 40, 60));
        var expected = roomy.Drain();
        var tokens = tight.Drain();
        Assert.Equal(0, roomy.Stats.Preemptions);
        Assert.True(tight.Stats.Preemptions > 0);
        Assert.Equal(0, tight.Stats.KvCacheUsage);
        Assert.Equal(expected, tokens);
    }

    [Fact]
    public void Prompts_that_do_not_fit_the_cache_wait()
    {
        using var engine = TestEngine.Start(model.Options with { EnablePrefixCaching = false }, blocks: 16);
        engine.Add(Request("a", 128, 8));
        engine.Add(Request("b", 128, 8));
        engine.Add(Request("c", 128, 8));
        engine.Step();
        Assert.Equal((1, 2), (engine.Stats.Running, engine.Stats.Waiting));   // the budget of 128 admits one
        engine.Step();
        Assert.Equal((1, 2), (engine.Stats.Running, engine.Stats.Waiting));   // 9 + 8 blocks are more than 16
        Assert.Equal(3, engine.Drain().Count);
    }

    [Fact]
    public void An_aborted_request_frees_its_blocks_at_once_wherever_it_stands()
    {
        using var engine = TestEngine.Start(model.Options with { MaxNumSeqs = 1 });
        engine.Add(Request("running", 40, 50));
        engine.Add(Request("waiting", 40, 50));
        engine.Step();
        engine.Abort("waiting");
        Assert.Equal((1, 0), (engine.Stats.Running, engine.Stats.Waiting));
        engine.Abort("running");
        engine.Abort("running");
        engine.Abort("never seen");
        Assert.False(engine.HasWork);
        Assert.Equal(0, engine.Stats.KvCacheUsage);
    }

    [Fact]
    public void A_repeated_prompt_is_taken_from_the_cache_but_for_its_last_block()
    {
        using var engine = TestEngine.Start(model.Options);
        engine.Add(Request("first", 64, 1));
        engine.Drain();
        engine.Add(Request("again", 64, 1));
        Assert.Equal(48, engine.Step().Single().CachedTokens);
        Assert.Equal(16, engine.StepTokens);
        Assert.Equal((128, 48), (engine.Stats.PrefixCacheQueries, engine.Stats.PrefixCacheHits));
    }

    [Fact]
    public void A_cache_salt_keeps_prefixes_apart()
    {
        using var engine = TestEngine.Start(model.Options);
        engine.Add(Request("first", 64, 1) with { CacheSalt = "a" });
        engine.Drain();
        engine.Add(Request("other", 64, 1) with { CacheSalt = "b" });
        Assert.Equal(0, engine.Step().Single().CachedTokens);
    }

    [Fact]
    public void A_request_ends_at_the_context_length_whatever_it_asked_for()
    {
        using var engine = TestEngine.Start(model.Options with { MaxModelLen = 32 });
        engine.Add(Request("a", 30, 100));
        Assert.Equal(2, engine.Drain()["a"].Count);
    }

    static EngineRequest Request(string id, int prompt, int output) =>
        new(id, [.. Enumerable.Range(0, prompt).Select(i => (i * 11 + prompt) % TinyModel.Vocabulary)], TestEngine.Greedy(output));

    public void Dispose() => model.Dispose();
}
