using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>
/// A prefill engine's side of KV transfers in a process of its own: the engine's pool, leases and side channel with nothing to compute, and besides a bare
/// socket that sends ranges of the same pool.
/// </summary>
static unsafe class KvSource
{
    /// <summary>More than caches hold, so that bytes come from memory.</summary>
    public const int Requests = 24;
    public const int TokensPerRequest = 1024;
    public const int BlocksPerRequest = TokensPerRequest / KvLayout.BlockSize;
    public const string EngineId = "source";

    /// <summary>Where everything is, as the source's one line says it.</summary>
    internal sealed record Directory(string Host, int SideChannelPort, int SocketPort, Dictionary<string, int[]> Blocks);

    public static int Run(SectionOptions options, string transport, string host)
    {
        EngineUnderTest.Pin(options.Core);
        var layout = Layout(options);
        using var pool = new KvPool(layout, Requests * BlocksPerRequest, shared: true);
        for (var block = 0; block < pool.Blocks; block++)
            new Span<long>(pool.Block(block), (int)layout.BytesPerBlock / sizeof(long)).Fill(Mark(block));
        LeaseTable? leases = null;
        leases = new LeaseTable(TimeSpan.FromMinutes(10), TimeProvider.System, (request, _) => leases!.Hold(request));   // read, and held again for the next pull
        var held = Held(pool.Blocks);
        foreach (var request in held)
            leases.Hold(request);
        var config = Config(transport, host);
        using var sideChannel = new SideChannel(config, new Handshake(config.EngineId, Identity(options).Hash, Identity(options), pool.Blocks, layout.BytesPerBlock, pool.SharedPath), leases, pool);
        using var listener = new TcpListener(IPAddress.Parse(host), 0);
        listener.Start();
        if (transport == "tcp")
            new Thread(() => SendRanges(listener, pool)) { IsBackground = true }.Start();
        Console.WriteLine(JsonSerializer.Serialize(new Directory(host, sideChannel.Port, ((IPEndPoint)listener.LocalEndpoint).Port, held.ToDictionary(request => request.Id, request => request.Blocks.ToArray()))));
        Console.In.ReadToEnd();
        return 0;
    }

    public static KvLayout Layout(SectionOptions options)
    {
        var config = ModelConfig.Load(options.Model);
        return new(config.Layers, config.KvHeads, config.HeadDim, KvDtype.BFloat16);
    }

    public static KvIdentity Identity(SectionOptions options) => KvIdentity.Of(new() { Model = options.Model, DummyWeights = true }, Layout(options));

    public static KvTransferConfig Config(string transport, string host) => new() { EngineId = EngineId, Transport = transport, SideChannelHost = host, SideChannelPort = 0 };

    /// <summary>What every word of a block holds.</summary>
    public static long Mark(int block) => 0x5EED_0000_0000 + block;

    // Blocks in the scattered order in which a pool in use hands them out.
    static List<Request> Held(int blocks)
    {
        var order = Enumerable.Range(0, blocks).ToArray();
        new Random(1).Shuffle(order);
        return [.. order.Chunk(BlocksPerRequest).Select((chunk, i) =>
        {
            var request = new Request(new EngineRequest($"request-{i}", new int[TokensPerRequest], new SamplingParams()), 0, 0);
            foreach (var block in chunk)
                request.AddBlock(block);
            return request;
        })];
    }

    static void SendRanges(TcpListener listener, KvPool pool)
    {
        using var socket = listener.AcceptSocket();
        socket.NoDelay = true;
        Span<byte> asked = stackalloc byte[TcpPull.RequestBytes];
        while (TcpPull.ReceiveAll(socket, asked))
        {
            var range = MemoryMarshal.Cast<byte, long>(asked);
            TcpPull.SendAll(socket, new(pool.Block(0) + range[0], (int)range[1]));
        }
    }
}
