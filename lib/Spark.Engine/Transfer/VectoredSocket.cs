using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>
/// Sends and receives many pieces of native memory with one system call. Between two calls the other side falls asleep and has to be woken, and the kernel widens
/// a connection's window only for a receiver that takes much at a time.
/// </summary>
internal static unsafe partial class VectoredSocket
{
    const int Interrupted = 4, MostPieces = 1024;   // the kernels' IOV_MAX

    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <param name="socket">A blocking one.</param>
    /// <param name="pieces">Used up.</param>
    /// <exception cref="IOException">The peer has closed, or takes nothing for longer than the socket's deadline.</exception>
    public static void SendAll(Socket socket, Span<Piece> pieces) => MoveAll(socket, pieces, &WriteVector);

    /// <inheritdoc cref="SendAll"/>
    public static void ReceiveAll(Socket socket, Span<Piece> pieces) => MoveAll(socket, pieces, &ReadVector);

    static void MoveAll(Socket socket, Span<Piece> pieces, delegate*<SafeHandle, Piece*, int, nint> move)
    {
        fixed (Piece* first = pieces)
            for (Piece* next = first, end = first + pieces.Length; next < end;)
            {
                var moved = move(socket.SafeHandle, next, (int)Math.Min(end - next, MostPieces));
                if (moved == 0)
                    throw new EndOfStreamException("The peer has closed the connection.");
                if (moved < 0 && Marshal.GetLastPInvokeError() is var error && error != Interrupted)
                    throw new IOException($"KV blocks get no further: {Marshal.GetPInvokeErrorMessage(error)}.");
                for (; next < end && moved >= next->Bytes; next++)
                    moved -= next->Bytes;
                if (next < end && moved > 0)
                    *next = new(next->Start + moved, next->Bytes - moved);
            }
    }

    // https://man7.org/linux/man-pages/man2/writev.2.html
    [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
    private static partial nint WriteVector(SafeHandle socket, Piece* pieces, int count);

    [LibraryImport("libc", EntryPoint = "readv", SetLastError = true)]
    private static partial nint ReadVector(SafeHandle socket, Piece* pieces, int count);

    /// <summary>The C library's <c>iovec</c>.</summary>
    public readonly struct Piece(byte* start, nint bytes)
    {
        public readonly byte* Start = start;
        public readonly nint Bytes = bytes;
    }
}
