using System.Net;
using System.Net.Sockets;

namespace Spark.Engine;

/// <summary>Asks the source for a range, 16 bytes that name it, and receives it: two-sided, the source's CPU sends.</summary>
internal sealed class TcpPull : ILinkPull
{
    public const int RequestBytes = 2 * sizeof(long);
    readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] request = new byte[RequestBytes];

    public TcpPull(string source) => socket.Connect(IPEndPoint.Parse(source));

    public void Pull(long offset, Span<byte> destination)
    {
        BitConverter.TryWriteBytes(request, offset);
        BitConverter.TryWriteBytes(request.AsSpan(sizeof(long)), (long)destination.Length);
        SendAll(socket, request);
        if (!ReceiveAll(socket, destination))
            throw new IOException("The source closed the connection before all bytes were here.");
    }

    public static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>False when the other side closed before the last byte.</summary>
    public static bool ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var received = socket.Receive(bytes);
            if (received == 0)
                return false;
            bytes = bytes[received..];
        }
        return true;
    }

    public void Dispose() => socket.Dispose();
}
