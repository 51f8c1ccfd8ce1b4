using System.Net;
using System.Net.Sockets;

namespace Spark.Engine.Tests;

public sealed class CancellingPulls : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
    readonly Wire wire;
    readonly KvPull pull = new(new Request(new EngineRequest("aborted", [1, 2, 3], TestEngine.Greedy(1)), 0, 0), new KvTransferParams(), [7], [3]);

    public CancellingPulls()
    {
        listener.Start();
        socket.Connect(listener.LocalEndpoint);
        wire = new Wire(socket, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_pull_that_is_cancelled_while_it_reads_cuts_its_connection()
    {
        pull.RunOn(wire);
        pull.Cancel();
        Assert.False(pull.Release());
        Assert.Throws<ObjectDisposedException>(() => wire.IsOpen);
    }

    [Fact]
    public void A_pull_that_was_cancelled_before_it_began_gets_no_connection()
    {
        pull.Cancel();
        pull.RunOn(wire);
        Assert.False(pull.Release());
        Assert.Throws<ObjectDisposedException>(() => wire.IsOpen);
    }

    public void Dispose()
    {
        wire.Dispose();
        listener.Dispose();
    }
}
