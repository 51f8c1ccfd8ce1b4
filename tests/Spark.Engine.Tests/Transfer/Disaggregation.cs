using CsCheck;

namespace Spark.Engine.Tests;

public sealed class Disaggregation(ITestOutputHelper log) : IDisposable
{
    // More than all requests of a mix need, and little to clear for each.
    const int AmpleBlocks = 512;

    readonly TinyModel model = new();

    sealed record Mix(string Transport, KvDtype Dtype, int PrefillBudget, int DecodeBudget, int DecodeBlocks, bool PrefixCaching, (int[] Prompt, int Output, int Step)[] Requests);

    static readonly Gen<int[]> Prompt =
        from stem in Gen.Int[0, 2]
        from shared in Gen.Int[0, 60]
        from own in Gen.Int[0, TinyModel.Vocabulary - 1].Array[1, 60]
        select (int[])[.. Enumerable.Range(0, shared).Select(i => (i * 7 + stem * 31) % TinyModel.Vocabulary), .. own];

    static readonly Gen<Mix> Mixes =
        from transport in Gen.Bool.Select(shared => shared ? "shm" : "tcp")
        from dtype in Gen.Enum<KvDtype>()
        from prefillBudget in Gen.Int[1, 128]
        from decodeBudget in Gen.Int[1, 128]
        from decodeBlocks in Gen.Int[16, 48]
        from caching in Gen.Bool
        from requests in Gen.Select(Prompt, Gen.Int[1, 16], Gen.Int[0, 8]).Array[1, 10]
        select new Mix(transport, dtype, prefillBudget, decodeBudget, decodeBlocks, caching, requests);

    [Fact]
    public void Tokens_and_logits_of_the_pair_equal_those_of_a_single_engine_bit_for_bit()
    {
        var (requests, pulled, preemptions) = (0, 0L, 0L);
        Mixes.Sample(mix =>
        {
            var options = model.Options with { KvCacheDtype = mix.Dtype, EnablePrefixCaching = mix.PrefixCaching };
            using var pair = new EnginePair(options with { MaxNumBatchedTokens = mix.PrefillBudget }, mix.Transport, prefillBlocks: AmpleBlocks, decodeBlocks: mix.DecodeBlocks);
            using var single = TestEngine.Start(options with { MaxNumBatchedTokens = 256, EnablePrefixCaching = false }, AmpleBlocks);
            pair.Decode.Pulled += stats => pulled += stats.Bytes;
            var seen = mix.Requests.Select((_, i) => ($"{i}", new List<string>())).ToDictionary();
            var pending = mix.Requests.Select((r, i) => (r.Step, Request: Request($"{i}", r.Prompt, r.Output))).ToList();
            for (var (step, late) = (0, DateTime.UtcNow.AddSeconds(20)); pending.Count > 0 || pair.Decode.HasWork; step++)
            {
                if (DateTime.UtcNow > late)
                    Assert.Fail($"after {step} steps the decode engine is at {pair.Decode.Stats}");
                foreach (var due in pending.Where(p => p.Step <= step).ToList())
                {
                    pair.Decode.Add(due.Request with { Transfer = pair.RunPrefill(due.Request) });
                    pending.Remove(due);
                }
                foreach (var output in pair.Decode.Step())
                    seen[output.RequestId].Add(BatchInvariance.Show(output));
            }
            pair.Settle();
            preemptions += pair.Decode.Stats.Preemptions;
            requests += mix.Requests.Length;
            foreach (var (request, i) in mix.Requests.Select((r, i) => (r, i)))
            {
                single.Add(Request($"{i}", request.Prompt, request.Output));
                var alone = single.RunToEnd().Select(BatchInvariance.Show);
                Assert.Equal(alone, seen[$"{i}"]);
            }
        }, iter: 400, threads: 1);
        log.WriteLine($"{requests} requests, {pulled:N0} bytes of KV pulled, {preemptions} preemptions on the decode side");
        Assert.True(pulled > 0 && preemptions > 0);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("shm")]
    public void The_decode_engine_pulls_all_but_the_last_prompt_token_and_computes_that_one(string transport)
    {
        using var pair = new EnginePair(model.Options, transport);
        var request = Request("a", [.. Enumerable.Range(0, 50)], 3);
        var transfer = pair.RunPrefill(request)!;
        Assert.Equal((4, "a", true, false), (transfer.RemoteBlockIds.Count, transfer.RemoteRequestId, transfer.DoRemotePrefill, transfer.DoRemoteDecode));
        Assert.True(pair.Prefill.Stats.KvCacheUsage > 0);
        pair.Decode.Add(request with { Transfer = transfer });
        var outputs = pair.Decode.RunToEnd();
        Assert.Equal(3, outputs.Count);
        Assert.Equal(49, outputs[0].CachedTokens);
        Assert.Equal((49, 49), (pair.Decode.Stats.ExternalPrefixCacheQueries, pair.Decode.Stats.ExternalPrefixCacheHits));
        pair.Settle();
    }

    [Fact]
    public void Only_blocks_that_the_decode_engine_has_not_are_pulled_and_none_when_it_has_all()
    {
        using var pair = new EnginePair(model.Options);
        var descriptors = new List<int>();
        pair.Decode.Pulled += stats => descriptors.Add(stats.Descriptors);
        foreach (var (id, length) in new[] { ("first", 40), ("longer", 80), ("again", 33) })
        {
            var request = Request(id, [.. Enumerable.Range(0, length)], 1);
            pair.Decode.Add(request with { Transfer = pair.RunPrefill(request) });
            pair.Decode.RunToEnd();
        }
        // 39 tokens in 3 blocks; of 79 in 5 the first 2 are there; of 32 in 2 all are, and nothing is pulled.
        Assert.Equal([3, 3], descriptors);
        pair.Settle();
    }

    [Fact]
    public void Requests_whose_KV_has_arrived_go_on_in_the_order_in_which_they_came()
    {
        string[] ids = ["a", "b", "c", "d", "e", "f"];
        using var pair = new EnginePair(model.Options with { MaxNumSeqs = 1 });
        using var pulled = new CountdownEvent(ids.Length);
        pair.Decode.Connector!.News += () => pulled.Signal();
        foreach (var (i, id) in ids.Index())
        {
            var request = Request(id, [.. Enumerable.Range(i, 40)], 1);
            pair.Decode.Add(request with { Transfer = pair.RunPrefill(request) });
        }
        pair.Decode.Step();   // one seat, and all pulls begin
        Assert.True(pulled.Wait(TimeSpan.FromSeconds(20)), "The pulls did not end.");
        Assert.Equal(ids, pair.Decode.RunToEnd().Select(output => output.RequestId));
        pair.Settle();
    }

    [Fact]
    public void A_prefill_that_ends_by_a_stop_token_hands_nothing_over()
    {
        using var pair = new EnginePair(model.Options);
        var prompt = Enumerable.Range(0, 20).ToArray();
        pair.Prefill.Add(Request("probe", prompt, 1));
        var first = pair.Prefill.RunToEnd().Single().Token!.Value;
        pair.Prefill.Add(new EngineRequest("a", prompt, TestEngine.Greedy(1) with { StopTokenIds = [first] }) { Transfer = new() { DoRemoteDecode = true } });
        var output = pair.Prefill.RunToEnd().Single();
        Assert.Equal((FinishReason.Stop, null), (output.FinishReason, output.Transfer));
        Assert.Equal(0, pair.Prefill.Stats.KvCacheUsage);
    }

    [Fact]
    public void A_request_that_names_no_complete_source_is_computed_like_any_other()
    {
        using var pair = new EnginePair(model.Options);
        pair.Decode.Add(Request("a", [.. Enumerable.Range(0, 20)], 2) with { Transfer = new() { DoRemotePrefill = true, RemoteEngineId = "x" } });
        Assert.Equal(2, pair.Decode.RunToEnd().Count);
        Assert.Equal(0, pair.Decode.Stats.ExternalPrefixCacheQueries);
    }

    [Fact]
    public void No_block_is_lost_over_ten_thousand_requests_with_random_aborts()
    {
        var random = new Random(7);
        using var pair = new EnginePair(model.Options with { MaxModelLen = 64 }, "shm", failOnLoadError: false, lease: TimeSpan.FromMilliseconds(200));
        var (live, aborted, expired) = (new List<string>(), 0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var request = Request($"{i}", [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(TinyModel.Vocabulary))], random.Next(1, 6));
            var fate = random.Next(10);
            var transfer = fate == 0 ? null : pair.RunPrefill(request);
            if (fate == 1)
            {
                expired++;   // the router forgot it: its lease has to end by itself
                continue;
            }
            pair.Decode.Add(request with { Transfer = transfer });
            live.Add(request.Id);
            for (var steps = random.Next(3); steps > 0; steps--)
                pair.Decode.Step();
            if (fate is 2 or 3)
            {
                pair.Decode.Abort(live[random.Next(live.Count)]);
                aborted++;
            }
            pair.Prefill.Step();
        }
        pair.Decode.RunToEnd();
        pair.Settle();
        log.WriteLine($"10,000 requests, {aborted} aborts, {expired} never fetched ({pair.Prefill.Stats.ExpiredLeases} leases expired): 0 blocks in use on both sides");
        Assert.True(pair.Prefill.Stats.ExpiredLeases >= expired);
    }

    static EngineRequest Request(string id, int[] prompt, int output) => new(id, prompt, TestEngine.Greedy(output) with { Logprobs = TinyModel.Vocabulary });

    public void Dispose() => model.Dispose();
}
