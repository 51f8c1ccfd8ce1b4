using CsCheck;

namespace Spark.Engine.Tests;

public sealed class BatchInvariance(ITestOutputHelper log) : IDisposable
{
    readonly TinyModel model = new();

    /// <summary>One run: how the engine is set up, and which requests arrive at which step.</summary>
    sealed record Mix(int Blocks, int Budget, int Seats, bool PrefixCaching, KvDtype Dtype, (int Step, int[] Prompt, int Output)[] Arrivals);

    // Prompts are cut from few stems, so that many share a prefix of whole blocks.
    static readonly Gen<int[]> Prompt =
        from stem in Gen.Int[0, 2]
        from shared in Gen.Int[0, 70]
        from own in Gen.Int[0, TinyModel.Vocabulary - 1].Array[1, 50]
        select (int[])[.. Enumerable.Range(0, shared).Select(i => (i * 7 + stem * 31) % TinyModel.Vocabulary), .. own];

    static readonly Gen<Mix> Mixes =
        from blocks in Gen.Int[16, 40]
        from budget in Gen.Int[1, 128]
        from seats in Gen.Int[1, 16]
        from caching in Gen.Bool
        from dtype in Gen.Enum<KvDtype>()
        from arrivals in Gen.Select(Gen.Int[0, 12], Prompt, Gen.Int[1, 24]).Array[1, 12]
        select new Mix(blocks, budget, seats, caching, dtype, arrivals);

    [Fact]
    public void Logits_are_bit_identical_alone_and_in_any_batch_chunking_preemption_or_prefix_hit()
    {
        var (preemptions, hits, requests) = (0L, 0L, 0);
        Mixes.Sample(mix =>
        {
            var options = model.Options with { KvCacheDtype = mix.Dtype, EnablePrefixCaching = mix.PrefixCaching, MaxNumBatchedTokens = mix.Budget, MaxNumSeqs = mix.Seats };
            using var engine = TestEngine.Start(options, mix.Blocks);
            var together = Run(engine, mix.Arrivals);
            Interlocked.Add(ref preemptions, engine.Stats.Preemptions);
            Interlocked.Add(ref hits, engine.Stats.PrefixCacheHits);
            Interlocked.Add(ref requests, mix.Arrivals.Length);
            Assert.Equal(0, engine.Stats.KvCacheUsage);
            foreach (var (arrival, i) in mix.Arrivals.Select((a, i) => (a, i)))
            {
                using var quiet = TestEngine.Start(model.Options with { KvCacheDtype = mix.Dtype, EnablePrefixCaching = false, MaxNumBatchedTokens = 256 });
                var alone = Run(quiet, [arrival with { Step = 0 }]);
                Assert.Equal(alone["0"], together[$"{i}"]);
            }
        }, iter: 150, threads: 1);
        log.WriteLine($"{requests} requests, {preemptions} preemptions, {hits} tokens from the prefix cache");
        Assert.True(preemptions > 0 && hits > 0, "the mixes must preempt and hit the cache, or they show nothing");
    }

    /// <summary>Every request's tokens with the log probability of the whole vocabulary at each, so that a single differing bit of a logit shows.</summary>
    static Dictionary<string, List<string>> Run(Engine engine, (int Step, int[] Prompt, int Output)[] arrivals)
    {
        var seen = arrivals.Select((_, i) => ($"{i}", new List<string>())).ToDictionary();
        for (var step = 0; step <= 12 || engine.HasWork; step++)
        {
            foreach (var (arrival, i) in arrivals.Select((a, i) => (a, i)).Where(x => x.a.Step == step))
                engine.Add(new EngineRequest($"{i}", arrival.Prompt, TestEngine.Greedy(arrival.Output) with { Logprobs = TinyModel.Vocabulary }));
            if (!engine.HasWork)
                continue;
            foreach (var output in engine.Step())
                seen[output.RequestId].Add(Show(output));
        }
        return seen;
    }

    /// <summary>A token and the bits of the whole vocabulary's log probabilities.</summary>
    internal static string Show(EngineOutput output) =>
        $"{output.Token}: {Convert.ToHexString(output.Logprobs!.Top.OrderBy(t => t.Token).SelectMany(t => BitConverter.GetBytes(t.Logprob)).ToArray())}";

    public void Dispose() => model.Dispose();
}
