using System.Collections.Concurrent;
using System.Diagnostics;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>Pulls of a prompt's KV from a <see cref="KvSource"/>, as the decode engine makes them, and bare copies of as many bytes from there.</summary>
sealed unsafe class Pulls : IDisposable
{
    readonly KvPool pool;
    readonly KvPuller puller;
    readonly BlockingCollection<KvPulled> ended = [];
    readonly KvSource.Directory there;
    readonly int[][] localBlocks;
    int count;

    public Pulls(SectionOptions options, string transport, KvSource.Directory there)
    {
        this.there = there;
        pool = new(KvSource.Layout(options), KvSource.Requests * KvSource.BlocksPerRequest, shared: true);
        puller = new(KvSource.Config(transport, there.Host) with { NumThreads = 1 }, KvSource.Identity(options), pool, ended.Add);
        var order = Enumerable.Range(0, pool.Blocks).ToArray();
        new Random(2).Shuffle(order);
        localBlocks = [.. order.Chunk(KvSource.BlocksPerRequest)];
    }

    public long BytesPerPull => KvSource.BlocksPerRequest * pool.Layout.BytesPerBlock;

    /// <summary>All blocks once in each way, so that no measured copy is the first to use a page.</summary>
    public void Warm(IBareCopy bare)
    {
        for (var i = 0; i < KvSource.Requests; i++)
        {
            Next();
            NextBare(bare);
        }
    }

    /// <summary>As the engine counts it for vLLM's nixl_xfer_time: from the start to the last byte.</summary>
    public TimeSpan Next()
    {
        var turn = count++ % KvSource.Requests;
        var (id, remoteBlocks) = ($"request-{turn}", there.Blocks[$"request-{turn}"]);
        var local = localBlocks[turn];
        foreach (var block in local)
            new Span<byte>(pool.Block(block), (int)pool.Layout.BytesPerBlock)[^1] = 0;
        var request = new Request(new EngineRequest(id, new int[KvSource.TokensPerRequest], new SamplingParams()), 0, 0);
        var from = new KvTransferParams { DoRemotePrefill = true, RemoteEngineId = KvSource.EngineId, RemoteRequestId = id, RemoteHost = there.Host, RemotePort = there.SideChannelPort, RemoteBlockIds = remoteBlocks };
        puller.Start(new(request, from, remoteBlocks, local));
        var pulled = ended.Take();
        if (pulled.Failure is { } failure)
            throw new InvalidOperationException($"A pull failed: {failure}");
        for (var i = 0; i < local.Length; i++)
            if (new Span<long>(pool.Block(local[i]), (int)pool.Layout.BytesPerBlock / sizeof(long)) is var words && (words[0] != KvSource.Mark(remoteBlocks[i]) || words[^1] != KvSource.Mark(remoteBlocks[i])))
                throw new InvalidDataException($"Block {remoteBlocks[i]} of {id} is not here.");
        return pulled.Stats.Transfer;
    }

    public TimeSpan NextBare(IBareCopy bare)
    {
        // As far from where the last pull was as a pull is from the one before it.
        var offset = count * 7 % KvSource.Requests * BytesPerPull;
        var here = new Span<byte>(pool.Block(0) + offset, (int)BytesPerPull);
        var began = Stopwatch.GetTimestamp();
        bare.Copy(offset, here);
        return Stopwatch.GetElapsedTime(began);
    }

    public void Dispose()
    {
        puller.Dispose();
        pool.Dispose();
    }
}
