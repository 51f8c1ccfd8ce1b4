using System.Collections.Concurrent;

namespace Spark.Engine;

/// <summary>
/// KV transfer between engines, NixlConnector's pull protocol as its clients see it. The prefill engine holds a finished request's blocks under
/// a lease and says where they are; the decode engine pulls them over its own blocks, tells the prefill engine that they are free, and computes
/// the last prompt token itself. The engine's thread calls; what other threads have to tell it, it takes from <see cref="TryTake"/>.
/// </summary>
internal sealed class KvConnector : IDisposable
{
    readonly KvTransferConfig config;
    readonly EngineLog log;
    readonly LeaseTable leases;
    readonly SideChannel sideChannel;
    readonly KvPuller puller;
    readonly ConcurrentQueue<KvEvent> events = new();

    public KvConnector(KvTransferConfig config, KvIdentity identity, KvPool pool, TimeProvider clock, EngineLog log)
    {
        (this.config, this.log) = (config, log);
        leases = new LeaseTable(config.Lease, clock, (request, expired) => Tell(new LeaseEnded(request, expired)));
        sideChannel = new SideChannel(config, new Handshake(config.EngineId, identity.Hash, identity, pool.Blocks, pool.Layout.BytesPerBlock, config.Transport == "shm" ? pool.SharedPath : null), leases, pool);
        puller = new KvPuller(config, identity, pool, pulled => Tell(new PullEnded(pulled)));
        log.Info("KvConnector", $"Initialized NIXL agent: {config.EngineId}, transport {config.Transport}, side channel {config.SideChannelHost}:{sideChannel.Port}");
    }

    public bool FailsOnLoadError => config.FailOnLoadError;

    /// <summary>Requests whose blocks are held for a decode engine.</summary>
    public int Held => leases.Held;
    public int SideChannelPort => sideChannel.Port;

    /// <summary>Raised on any thread when there is something to take.</summary>
    public event Action? News;

    public bool TryTake(out KvEvent? news) => events.TryDequeue(out news);

    /// <summary>Prefill side: whether this request's blocks are to outlive it, and what its client is told then. As in vLLM 0.13 only a request that ended by length is held.</summary>
    public KvTransferParams? Hold(Request request, FinishReason reason)
    {
        if (request.Source.Transfer is not { DoRemoteDecode: true } || reason != FinishReason.Length)
            return null;
        var id = leases.Hold(request);
        return new()
        {
            DoRemotePrefill = true,
            RemoteBlockIds = request.Blocks.ToArray(),
            RemoteEngineId = config.EngineId,
            RemoteRequestId = id,
            RemoteHost = config.SideChannelHost,
            RemotePort = sideChannel.Port,
        };
    }

    /// <summary>Decode side: prompt tokens beyond those computed whose KV can be pulled; the last one is computed here, for its logits. Null where there is nothing to pull from.</summary>
    public int? TokensToPull(Request request, int computed)
    {
        if (request.Source.Transfer is not { DoRemotePrefill: true } source || request.HasTriedRemote)
            return null;
        if (source.NamesItsSource && source.RemoteBlockIds.Count * KvLayout.BlockSize >= request.PromptTokens - 1)
            return Math.Max(0, request.PromptTokens - 1 - computed);
        log.Warning("KvConnector", $"Got invalid KVTransferParams for request {request.Id}: it names no complete source. This request will not utilize KVTransfer");
        return null;
    }

    /// <summary>Begins to pull what follows <paramref name="computed"/> tokens, which fill whole blocks. A <see cref="PullEnded"/> will come, whatever happens.</summary>
    public KvPull Pull(Request request, int computed, int tokens)
    {
        var (first, count) = (computed / KvLayout.BlockSize, (tokens + KvLayout.BlockSize - 1) / KvLayout.BlockSize);
        return Start(new KvPull(request, request.Source.Transfer!, [.. request.Source.Transfer!.RemoteBlockIds.Skip(first).Take(count)], request.Blocks.Slice(first, count).ToArray()));
    }

    /// <summary>Pulls nothing, because all is here or nobody wants it any more, and lets the prefill engine free its blocks.</summary>
    public void Decline(Request request)
    {
        if (request.Source.Transfer is { DoRemotePrefill: true, NamesItsSource: true } source && !request.HasTriedRemote)
            Start(new KvPull(request, source, [], []));
    }

    KvPull Start(KvPull pull)
    {
        pull.Request.HasTriedRemote = true;
        puller.Start(pull);
        return pull;
    }

    void Tell(KvEvent news)
    {
        events.Enqueue(news);
        News?.Invoke();
    }

    public void Dispose()
    {
        sideChannel.Dispose();
        puller.Dispose();
        leases.Dispose();
    }
}

/// <summary>What other threads tell the engine's.</summary>
internal abstract record KvEvent;

/// <summary>A held request's blocks are to be freed: read, or never fetched.</summary>
internal sealed record LeaseEnded(Request Request, bool Expired) : KvEvent;

internal sealed record PullEnded(KvPulled Pulled) : KvEvent;
