using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Spark.Notebooks.Tests;

/// <summary>Reads what comes, says its piece to every connection, and hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly Task serving;

    public RawServer(string piece)
    {
        listener.Start();
        serving = ServeAsync(Encoding.ASCII.GetBytes(piece));
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await serving;
    }

    async Task ServeAsync(byte[] piece)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptSocketAsync();
                await connection.ReceiveAsync(new byte[65_536]);
                await connection.SendAsync(piece);
                connection.Shutdown(SocketShutdown.Send);
                while (await connection.ReceiveAsync(new byte[65_536]) > 0)
                {
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
