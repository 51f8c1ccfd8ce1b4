using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>The decode side's view of a prefill engine: connections to its side channel, and what it said of itself.</summary>
internal sealed class RemoteEngine : IDisposable
{
    readonly string host;
    readonly int port;
    readonly TimeSpan deadline;
    readonly ConcurrentBag<Wire> idle = [];
    readonly Lazy<SharedKvView> shared;
    volatile bool disposed;

    RemoteEngine(string host, int port, TimeSpan deadline, Handshake handshake)
    {
        (this.host, this.port, this.deadline, Handshake) = (host, port, deadline, handshake);
        shared = new(() => SharedKvView.Open(handshake.SharedMemory
            ?? throw new KvTransferException($"The engine at {host}:{port} shares no memory; start it with \"transport\": \"shm\", or this one with \"tcp\"."), handshake.Blocks * handshake.BytesPerBlock));
    }

    public Handshake Handshake { get; }

    public (string Host, int Port) Address => (host, port);

    /// <exception cref="KvTransferException">Nobody answers there, or somebody else, or an engine whose KV is not ours.</exception>
    public static RemoteEngine Connect(KvTransferParams source, KvIdentity identity, long bytesPerBlock, KvTransferConfig config)
    {
        var (host, port) = (source.RemoteHost!, source.RemotePort!.Value);
        var wire = Dial(host, port, config.Deadline);
        try
        {
            wire.Send(WireKind.Hello, []);
            var (kind, payload) = wire.Receive();
            if (kind != WireKind.Hello || JsonSerializer.Deserialize<Handshake>(payload) is not { } handshake)
                throw new KvTransferException($"{host}:{port} does not answer a handshake as a side channel does.");
            if (handshake.EngineId != source.RemoteEngineId)
                throw new KvTransferException($"Remote NIXL agent engine ID mismatch. Expected {source.RemoteEngineId}, received {handshake.EngineId}: the engine at {host}:{port} has been restarted.");
            if (config.EnforceHandshakeCompat && handshake.Hash != identity.Hash)
                throw new KvTransferException($"NIXL compatibility hash mismatch with {host}:{port}. These differ: {identity.Differences(handshake.Identity)}. Start both engines with the same model and cache settings.");
            if (handshake.BytesPerBlock != bytesPerBlock)
                throw new KvTransferException($"A KV block of {host}:{port} has {handshake.BytesPerBlock} bytes and one here {bytesPerBlock}.");
            var remote = new RemoteEngine(host, port, config.Deadline, handshake);
            remote.Return(wire);
            return remote;
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    /// <summary>A connection that is nobody else's until it is returned; one that failed is disposed of instead.</summary>
    public Wire Rent()
    {
        while (idle.TryTake(out var wire))
            if (wire.IsOpen)
                return wire;
            else
                wire.Dispose();
        return Dial(host, port, deadline);
    }

    public void Return(Wire wire)
    {
        idle.Add(wire);
        if (disposed)
            CloseIdle();
    }

    /// <summary>The engine's KV pool in this process's own address space.</summary>
    /// <exception cref="KvTransferException">It shares none with this process.</exception>
    public SharedKvView Shared => shared.Value;

    /// <summary>Tells that a request's blocks have been read; why they were not held until now, so that what was read may be another request's, or null.</summary>
    public string? Done(Wire wire, string requestId)
    {
        wire.Send(WireKind.Done, Encoding.UTF8.GetBytes(requestId));
        var (kind, payload) = wire.Receive();
        return kind == WireKind.Done ? null : $"{host}:{port}: {Encoding.UTF8.GetString(payload)}.";
    }

    static Wire Dial(string host, int port, TimeSpan deadline)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Not asynchronously: a socket that was connected so keeps another thread informed of every byte that comes.
            using var late = new Timer(_ => socket.Dispose(), null, deadline, Timeout.InfiniteTimeSpan);
            socket.Connect(host, port);
            return new Wire(socket, receive: deadline, send: deadline);
        }
        catch (Exception e)
        {
            var isLate = socket.SafeHandle.IsClosed;
            socket.Dispose();
            throw new KvTransferException($"The side channel at {host}:{port} cannot be reached ({(isLate ? $"no answer within {deadline.TotalSeconds} s" : e.Message)}).", e);
        }
    }

    void CloseIdle()
    {
        while (idle.TryTake(out var wire))
            wire.Dispose();
    }

    public void Dispose()
    {
        disposed = true;
        CloseIdle();
        if (shared.IsValueCreated)
            shared.Value.Dispose();
    }
}
