namespace Spark.Engine.Tests;

/// <summary>A prefill and a decode engine in this process, driven step by step, with a client between them that passes on what it is told.</summary>
sealed class EnginePair : IDisposable
{
    public EnginePair(EngineOptions options, string transport = "tcp", bool failOnLoadError = true, int? prefillBlocks = null, int? decodeBlocks = null, TimeSpan? lease = null, TimeSpan? deadline = null)
    {
        var config = new KvTransferConfig { Transport = transport, FailOnLoadError = failOnLoadError, SideChannelHost = "127.0.0.1", SideChannelPort = 0, Lease = lease ?? TimeSpan.FromMinutes(5), Deadline = deadline ?? TimeSpan.FromSeconds(5) };
        Prefill = TestEngine.Start(options with { KvTransfer = config with { EngineId = Guid.NewGuid().ToString() } }, prefillBlocks);
        Decode = TestEngine.Start(options with { KvTransfer = config with { EngineId = Guid.NewGuid().ToString() } }, decodeBlocks);
    }

    public Engine Prefill { get; }
    public Engine Decode { get; }

    /// <summary>The prefill leg: one token, and where its KV is to be had.</summary>
    public KvTransferParams? RunPrefill(EngineRequest request)
    {
        Prefill.Add(request with { Sampling = request.Sampling with { MaxTokens = 1, MinTokens = 0, Logprobs = null }, Transfer = new KvTransferParams { DoRemoteDecode = true } });
        return Prefill.RunToEnd().Select(output => output.Transfer).LastOrDefault(transfer => transfer is not null);
    }

    /// <summary>Lets both engines hear what has happened until nothing is held or pulled any more.</summary>
    public void Settle()
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); Prefill.Connector!.Held > 0 || Prefill.Stats.KvCacheUsage > 0 || Decode.Stats.KvCacheUsage > 0;)
        {
            Prefill.Step();
            Decode.Step();
            if (DateTime.UtcNow > deadline)
                Assert.Fail($"prefill holds {Prefill.Connector.Held} requests and {Prefill.Stats.KvCacheUsage:P0} of its blocks, decode {Decode.Stats.KvCacheUsage:P0}");
        }
    }

    public void Dispose()
    {
        Prefill.Dispose();
        Decode.Dispose();
    }
}
