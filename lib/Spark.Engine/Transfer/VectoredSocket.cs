using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>Sends many pieces of native memory with one system call: a receiver that has taken all there is falls asleep between two calls, and has to be woken.</summary>
internal static unsafe partial class VectoredSocket
{
    const int Interrupted = 4, MostPieces = 1024;   // the kernels' IOV_MAX

    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <param name="socket">A blocking one.</param>
    /// <param name="pieces">Used up.</param>
    /// <exception cref="IOException">The peer has closed, or takes nothing for longer than the socket's deadline.</exception>
    public static void SendAll(Socket socket, Span<Piece> pieces)
    {
        fixed (Piece* first = pieces)
            for (Piece* next = first, end = first + pieces.Length; next < end;)
            {
                var sent = WriteVector(socket.SafeHandle, next, (int)Math.Min(end - next, MostPieces));
                if (sent < 0 && Marshal.GetLastPInvokeError() is var error && error != Interrupted)
                    throw new IOException($"KV blocks get no further: {Marshal.GetPInvokeErrorMessage(error)}.");
                for (; next < end && sent >= next->Bytes; next++)
                    sent -= next->Bytes;
                if (next < end && sent > 0)
                    *next = new(next->Start + sent, next->Bytes - sent);
            }
    }

    // https://man7.org/linux/man-pages/man2/writev.2.html
    [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
    private static partial nint WriteVector(SafeHandle socket, Piece* pieces, int count);

    /// <summary>The C library's <c>iovec</c>.</summary>
    public readonly struct Piece(byte* start, nint bytes)
    {
        public readonly byte* Start = start;
        public readonly nint Bytes = bytes;
    }
}
