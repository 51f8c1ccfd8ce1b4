using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>Pulls of a prompt's KV from another process, as the decode engine makes them, in turns with the barest way to get as many bytes from there.</summary>
static class TransferSection
{
    const int PullsPerSample = 4;

    public static async IAsyncEnumerable<Row> RunAsync(SectionOptions options)
    {
        EngineUnderTest.Pin(options.OtherCore);
        yield return await MeasureAsync(options, "shm", "one memcpy of as many bytes");
        yield return await MeasureAsync(options, "tcp", "a bare socket between the same processes");
    }

    static async Task<Row> MeasureAsync(SectionOptions options, string transport, string against)
    {
        await using var source = HelperProcess.Start("kv-source", transport, "--model", options.Model, "--core", $"{options.Core}");
        var there = JsonSerializer.Deserialize<KvSource.Directory>(await source.AnswerAsync())!;
        using var pulls = new Pulls(options, transport, there);
        using IBareCopy bare = transport == "shm" ? new MemoryCopy(options, there) : new SocketCopy(there);
        return Row.Measure($"KV transfer {transport}, {KvSource.TokensPerRequest:N0} tokens", "GB/s", 3 * options.Repeats, () =>
        {
            // In turns, so that neither has the machine in a better moment than the other.
            var (pulling, copying) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var i = 0; i < PullsPerSample; i++)
            {
                pulling += pulls.Next();
                copying += pulls.NextBare(bare);
            }
            var gigabytes = PullsPerSample * pulls.BytesPerPull / 1e9;
            return new(gigabytes / pulling.TotalSeconds, gigabytes / copying.TotalSeconds);
        }, against, Reach.AtLeast(0.8));
    }

    interface IBareCopy : IDisposable
    {
        void Copy(long offset, Span<byte> destination);
    }

    sealed class SocketCopy(KvSource.Directory there) : IBareCopy
    {
        readonly TcpPull socket = new($"{IPAddress.Loopback}:{there.SocketPort}");

        public void Copy(long offset, Span<byte> destination) => socket.Pull(offset, destination);

        public void Dispose() => socket.Dispose();
    }

    sealed unsafe class MemoryCopy(SectionOptions options, KvSource.Directory there) : IBareCopy
    {
        readonly RemoteEngine remote = RemoteEngine.Connect(
            new() { RemoteEngineId = KvSource.EngineId, RemoteHost = "127.0.0.1", RemotePort = there.SideChannelPort }, KvSource.Identity(options), KvSource.Layout(options).BytesPerBlock, KvSource.Config("shm"));

        public void Copy(long offset, Span<byte> destination)
        {
            fixed (byte* target = destination)
                remote.Shared.Read(offset, target, destination.Length);
        }

        public void Dispose() => remote.Dispose();
    }

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
            puller = new(KvSource.Config(transport) with { NumThreads = 1 }, KvSource.Identity(options), pool, ended.Add);
            var order = Enumerable.Range(0, pool.Blocks).ToArray();
            new Random(2).Shuffle(order);
            localBlocks = [.. order.Chunk(KvSource.BlocksPerRequest)];
        }

        public long BytesPerPull => KvSource.BlocksPerRequest * pool.Layout.BytesPerBlock;

        /// <summary>As the engine counts it for vLLM's nixl_xfer_time: from the start to the last byte.</summary>
        public TimeSpan Next()
        {
            var turn = count++ % KvSource.Requests;
            var (id, remoteBlocks) = ($"request-{turn}", there.Blocks[$"request-{turn}"]);
            var local = localBlocks[turn];
            foreach (var block in local)
                new Span<byte>(pool.Block(block), (int)pool.Layout.BytesPerBlock)[^1] = 0;
            var request = new Request(new EngineRequest(id, new int[KvSource.TokensPerRequest], new SamplingParams()), 0, 0);
            var from = new KvTransferParams { DoRemotePrefill = true, RemoteEngineId = KvSource.EngineId, RemoteRequestId = id, RemoteHost = "127.0.0.1", RemotePort = there.SideChannelPort, RemoteBlockIds = remoteBlocks };
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
}
