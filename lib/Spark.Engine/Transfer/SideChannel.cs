using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>The prefill side's listener: introduces this engine, hands blocks out to those who cannot read them themselves, and hears which requests are done. A thread a connection.</summary>
internal sealed class SideChannel : IDisposable
{
    readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    readonly Dictionary<Wire, Thread> connections = [];
    readonly KvTransferConfig config;
    readonly Handshake introduction;
    readonly LeaseTable leases;
    readonly KvPool pool;

    /// <exception cref="IOException">The port is taken, or the address is none of this machine.</exception>
    public SideChannel(KvTransferConfig config, Handshake introduction, LeaseTable leases, KvPool pool)
    {
        (this.config, this.introduction, this.leases, this.pool) = (config, introduction, leases, pool);
        try
        {
            listener.Bind(new IPEndPoint(Address(config.SideChannelHost), config.SideChannelPort));
            listener.Listen();
        }
        catch (SocketException e)
        {
            throw new IOException($"The side channel cannot listen on {config.SideChannelHost}:{config.SideChannelPort} ({e.Message}). Set VLLM_NIXL_SIDE_CHANNEL_HOST to an address of this machine and VLLM_NIXL_SIDE_CHANNEL_PORT to a free port.", e);
        }
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        new Thread(Accept) { Name = "side channel", IsBackground = true }.Start();
    }

    public int Port { get; }

    static IPAddress Address(string host) => IPAddress.TryParse(host, out var address) ? address
        : Dns.GetHostAddresses(host).OrderBy(a => a.AddressFamily != AddressFamily.InterNetwork).First();

    void Accept()
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                var wire = new Wire(socket, Timeout.InfiniteTimeSpan, config.Deadline);
                var thread = new Thread(() => Serve(wire)) { Name = "side channel connection", IsBackground = true };
                lock (connections)
                    connections.Add(wire, thread);
                thread.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    void Serve(Wire wire)
    {
        try
        {
            while (true)
                Answer(wire, wire.Receive());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or InvalidDataException or JsonException)
        {
            // The peer has gone, or does not speak this protocol: its leases end by themselves.
        }
        finally
        {
            lock (connections)
                connections.Remove(wire);
            wire.Dispose();
        }
    }

    void Answer(Wire wire, (WireKind Kind, byte[] Payload) message)
    {
        switch (message.Kind)
        {
            case WireKind.Hello:
                wire.Send(WireKind.Hello, JsonSerializer.SerializeToUtf8Bytes(introduction));
                break;
            case WireKind.Blocks:
                SendBlocks(wire, JsonSerializer.Deserialize<BlockRequest>(message.Payload)!);
                break;
            case WireKind.Done:
                var id = Encoding.UTF8.GetString(message.Payload);
                if (leases.End(id))
                    wire.Send(WireKind.Done, []);
                else
                    Refuse(wire, id);
                break;
            default:
                throw new InvalidDataException($"{message.Kind} is an answer, not a request.");
        }
    }

    void SendBlocks(Wire wire, BlockRequest request)
    {
        using var reading = leases.BeginRead(request.RequestId, request.Blocks);
        if (reading is null)
        {
            Refuse(wire, request.RequestId);
            return;
        }
        wire.SendBlocks(pool, request.Blocks);
    }

    static void Refuse(Wire wire, string requestId) =>
        wire.Send(WireKind.Refused, Encoding.UTF8.GetBytes($"request {requestId} holds no such blocks here: its lease has ended, or it never had one"));

    /// <summary>Returns when nothing reads the pool any more.</summary>
    public void Dispose()
    {
        listener.Dispose();
        KeyValuePair<Wire, Thread>[] open;
        lock (connections)
            open = [.. connections];
        foreach (var (wire, thread) in open)
        {
            wire.Dispose();
            thread.Join();
        }
    }
}
