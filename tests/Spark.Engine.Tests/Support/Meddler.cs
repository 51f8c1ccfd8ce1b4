using System.Net;
using System.Net.Sockets;

namespace Spark.Engine.Tests;

/// <summary>A relay in front of a side channel that, after so many bytes of an answer, does what networks do: cuts, flips a bit, or falls silent with its sockets open.</summary>
public sealed class Meddler : IDisposable
{
    public enum Fault
    {
        None,
        Cut,
        FlipBit,
        Silence,
    }

    readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    readonly List<Socket> sockets = [];
    readonly int target;
    readonly Fault fault;
    long after, relayedAnswers;

    public Meddler(int target, Fault fault, long after)
    {
        (this.target, this.fault, this.after) = (target, fault, after);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>How many were made to it.</summary>
    public int Connections { get; private set; }

    /// <summary>Lets the fault strike the very next answer.</summary>
    public void StrikeNow() => after = relayedAnswers;

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = Keep(await listener.AcceptAsync());
                Connections++;
                var server = Keep(new Socket(SocketType.Stream, ProtocolType.Tcp));
                await server.ConnectAsync(IPAddress.Loopback, target);
                _ = RelayAsync(client, server, Fault.None);
                _ = RelayAsync(server, client, fault);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    async Task RelayAsync(Socket from, Socket to, Fault fault)
    {
        try
        {
            var (buffer, relayed) = (new byte[4096], 0L);
            while (await from.ReceiveAsync(buffer.AsMemory()) is > 0 and var count)
            {
                var reached = fault != Fault.None && relayed + count > after;
                if (reached && fault == Fault.Silence)
                    return;
                if (reached && fault == Fault.Cut)
                {
                    await to.SendAsync(buffer.AsMemory(0, (int)Math.Max(0, after - relayed)));
                    from.Dispose();
                    to.Dispose();
                    return;
                }
                if (reached && relayed <= after)
                    buffer[after - relayed] ^= 1;
                await to.SendAsync(buffer.AsMemory(0, count));
                relayed += count;
                if (fault != Fault.None)
                    relayedAnswers = relayed;
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    Socket Keep(Socket socket)
    {
        lock (sockets)
            sockets.Add(socket);
        return socket;
    }

    public void Dispose()
    {
        listener.Dispose();
        lock (sockets)
            sockets.ForEach(s => s.Dispose());
    }
}
