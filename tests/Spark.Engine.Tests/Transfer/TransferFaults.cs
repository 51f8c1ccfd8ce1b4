namespace Spark.Engine.Tests;

public sealed class TransferFaults(ITestOutputHelper log) : IDisposable
{
    const int PromptTokens = 120;
    static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(400);
    readonly TinyModel model = new();

    // A handshake's answer has some 400 bytes; the 8 blocks that follow over tcp have 2 KiB each.
    public static TheoryData<Meddler.Fault, int, string> Faults => new()
    {
        { Meddler.Fault.Cut, 0, "tcp" }, { Meddler.Fault.Cut, 3, "tcp" }, { Meddler.Fault.Cut, 200, "tcp" }, { Meddler.Fault.Cut, 9_000, "tcp" },
        { Meddler.Fault.Silence, 0, "tcp" }, { Meddler.Fault.Silence, 9_000, "tcp" },
        { Meddler.Fault.FlipBit, 4, "tcp" }, { Meddler.Fault.FlipBit, 9_000, "tcp" },
        { Meddler.Fault.Cut, 0, "shm" }, { Meddler.Fault.Silence, 0, "shm" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_broken_pull_ends_in_the_error_or_in_recomputing_and_frees_every_block(Meddler.Fault fault, int after, string transport)
    {
        foreach (var fail in new[] { true, false })
        {
            using var pair = new EnginePair(model.Options, transport, fail, lease: TimeSpan.FromSeconds(2), deadline: Deadline);
            using var meddler = new Meddler(pair.Prefill.Connector!.SideChannelPort, fault, after);
            var outputs = Run(pair, transfer => transfer with { RemotePort = meddler.Port });
            Check(outputs, fail);
            pair.Settle();
        }
    }

    [Theory]
    [InlineData(Meddler.Fault.Cut)]
    [InlineData(Meddler.Fault.Silence)]
    public void A_one_sided_read_whose_lease_nobody_confirms_is_not_used(Meddler.Fault fault)
    {
        foreach (var fail in new[] { true, false })
        {
            using var pair = new EnginePair(model.Options with { EnablePrefixCaching = false }, "shm", fail, lease: TimeSpan.FromSeconds(2), deadline: Deadline);
            using var meddler = new Meddler(pair.Prefill.Connector!.SideChannelPort, fault, long.MaxValue);
            Check(Run(pair, transfer => transfer with { RemotePort = meddler.Port }), fails: false);
            meddler.StrikeNow();
            Check(Run(pair, transfer => transfer with { RemotePort = meddler.Port }), fail);
            pair.Settle();
        }
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("shm")]
    public void A_lease_that_has_ended_is_never_read_from(string transport)
    {
        foreach (var fail in new[] { true, false })
        {
            using var pair = new EnginePair(model.Options, transport, fail, lease: TimeSpan.FromMilliseconds(50));
            var outputs = Run(pair, transfer =>
            {
                AwaitTheLeasesEnd(pair);
                // Another request takes the very blocks that the decode engine is about to read.
                pair.Prefill.Add(new EngineRequest("next", [.. Enumerable.Range(0, PromptTokens).Select(i => i % 5)], TestEngine.Greedy(1)));
                pair.Prefill.Drain();
                return transfer;
            });
            Check(outputs, fail);
            Assert.Equal(1, pair.Prefill.Stats.ExpiredLeases);
            pair.Settle();
        }
    }

    [Fact]
    public void A_lease_that_has_ended_costs_other_requests_neither_their_connection_nor_their_view_of_the_memory()
    {
        using var pair = new EnginePair(model.Options with { EnablePrefixCaching = false }, "shm", lease: TimeSpan.FromSeconds(2));
        using var meddler = new Meddler(pair.Prefill.Connector!.SideChannelPort, Meddler.Fault.None, 0);
        foreach (var late in new[] { false, true, false })
            Check(Run(pair, transfer =>
            {
                if (late)
                    AwaitTheLeasesEnd(pair);
                return transfer with { RemotePort = meddler.Port };
            }), fails: late);
        Assert.Equal(1, meddler.Connections);
        pair.Settle();
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("shm")]
    public void A_request_that_is_aborted_just_after_its_pull_costs_the_next_one_nothing(string transport)
    {
        using var pair = new EnginePair(model.Options with { EnablePrefixCaching = false }, transport);
        using var pulled = new ManualResetEventSlim();
        pair.Decode.Connector!.News += pulled.Set;
        pair.Decode.Add(Request with { Transfer = pair.RunPrefill(Request) });
        pair.Decode.Step();
        Assert.True(pulled.Wait(TimeSpan.FromSeconds(20)), "The pull did not end.");
        pair.Decode.Abort(Request.Id);
        Check(Run(pair, transfer => transfer), fails: false);
        pair.Settle();
    }

    [Fact]
    public void A_restarted_prefill_engine_is_not_taken_for_the_one_before()
    {
        using var pair = new EnginePair(model.Options);
        Check(Run(pair, transfer => transfer with { RemoteEngineId = "the one before" }), fails: true);
    }

    [Fact]
    public void Engines_whose_caches_differ_refuse_each_other_and_say_what_differs()
    {
        var messages = new StringWriter();
        var config = new KvTransferConfig { FailOnLoadError = true, SideChannelHost = "127.0.0.1", SideChannelPort = 0 };
        using var prefill = TestEngine.Start(model.Options with { KvTransfer = config });
        using var decode = TestEngine.Start(model.Options with { KvTransfer = config with { EngineId = "d" }, KvCacheDtype = KvDtype.Float32, Seed = 5 }, log: new EngineLog(messages, TimeProvider.System));
        prefill.Add(Request with { Transfer = new() { DoRemoteDecode = true } });
        var transfer = prefill.RunToEnd()[^1].Transfer;
        decode.Add(Request with { Transfer = transfer });
        Check(decode.RunToEnd(), fails: true);
        Assert.Contains("NIXL compatibility hash mismatch", messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("Weights (random, seed 5 here, random, seed 0 there), CacheDtype (float32 here, bfloat16 there)", messages.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_memory_that_is_not_shared_is_a_clear_failure()
    {
        using var pair = new EnginePair(model.Options, "tcp");
        using var decode = TestEngine.Start(model.Options with { KvTransfer = new KvTransferConfig { Transport = "shm", FailOnLoadError = true, SideChannelHost = "127.0.0.1", SideChannelPort = 0 } });
        decode.Add(Request with { Transfer = pair.RunPrefill(Request) });
        Check(decode.RunToEnd(), fails: true);
        pair.Settle();
    }

    [Fact]
    public void Bytes_that_are_no_frames_neither_stop_the_side_channel_nor_free_a_block()
    {
        using var pair = new EnginePair(model.Options);
        var transfer = pair.RunPrefill(Request)!;
        foreach (var (noise, length) in new (byte[], int)[] { ([0], 1), ([255, 255, 255, 255, 1], 64), ([0, 0, 0, 0, 99], 64), ([2, 0, 0, 0, 2, 1, 2], 64), ([7, 7, 7, 7, 7], 10_000) })
        {
            using var client = new System.Net.Sockets.TcpClient("127.0.0.1", transfer.RemotePort!.Value);
            client.GetStream().Write([.. noise, .. new byte[length - noise.Length]]);
        }
        Assert.Equal(1, pair.Prefill.Connector!.Held);
        pair.Decode.Add(Request with { Transfer = transfer });
        Check(pair.Decode.RunToEnd(), fails: false);
        pair.Settle();
    }

    static EngineRequest Request => new("a", [.. Enumerable.Range(0, PromptTokens)], TestEngine.Greedy(3));

    static List<EngineOutput> Run(EnginePair pair, Func<KvTransferParams, KvTransferParams> meddle)
    {
        pair.Decode.Add(Request with { Transfer = meddle(pair.RunPrefill(Request)!) });
        return pair.Decode.RunToEnd();
    }

    static void AwaitTheLeasesEnd(EnginePair pair)
    {
        while (pair.Prefill.Connector!.Held > 0)
            Thread.Yield();
        pair.Prefill.Step();
    }

    void Check(List<EngineOutput> outputs, bool fails)
    {
        log.WriteLine(string.Join(", ", outputs.Select(o => $"{o.Token?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no token"} {o.FinishReason}")));
        if (fails)
        {
            Assert.Equal((FinishReason.Error, null), (outputs.Single().FinishReason, outputs.Single().Token));
            return;
        }
        using var single = TestEngine.Start(model.Options);
        single.Add(Request);
        Assert.Equal(single.Drain()["a"], outputs.Select(o => o.Token!.Value));
    }

    public void Dispose() => model.Dispose();
}
