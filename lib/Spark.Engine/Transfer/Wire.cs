using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net.Sockets;

namespace Spark.Engine;

/// <summary>
/// The side channel's framing over a blocking socket: four bytes of length, one of kind, the payload, zeros up to a whole number of cache lines; KV blocks follow their
/// frame raw, with a frame of their checksum behind them. Every read and write has a deadline, so that a peer that stalls is noticed as one that dies is.
/// </summary>
internal sealed class Wire : IDisposable
{
    // The kernel copies block after block into one buffer: behind an odd number of bytes all of them lie askew there, and that copy is several times as slow.
    const int LineBytes = 64;
    const int HeadBytes = 5, MostBytes = 1 << 20;
    readonly Socket socket;

    /// <param name="receive">Longest silence that is waited for; a server waits for ever for the next request.</param>
    public Wire(Socket socket, TimeSpan receive, TimeSpan send)
    {
        this.socket = socket;
        socket.NoDelay = true;
        (socket.ReceiveTimeout, socket.SendTimeout) = ((int)receive.TotalMilliseconds, (int)send.TotalMilliseconds);
    }

    /// <summary>Whether the peer has neither closed nor sent what nobody asked for.</summary>
    public bool IsOpen => !socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    public void Send(WireKind kind, ReadOnlySpan<byte> payload) => SendAll(Frame(kind, payload));

    /// <exception cref="EndOfStreamException">The peer has closed.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public (WireKind Kind, byte[] Payload) Receive()
    {
        Span<byte> first = stackalloc byte[LineBytes];
        ReceiveAll(first);
        var length = BinaryPrimitives.ReadInt32LittleEndian(first);
        if (length is < 0 or > MostBytes || !Enum.IsDefined((WireKind)first[4]))
            throw new InvalidDataException($"A frame of kind {first[4]} and {length} bytes is not of this protocol.");
        var frame = new byte[FrameBytes(length)];
        first.CopyTo(frame);
        ReceiveAll(frame.AsSpan(LineBytes));
        return ((WireKind)first[4], frame[HeadBytes..(HeadBytes + length)]);
    }

    /// <summary>Sends a frame, whole blocks of the pool behind it, and a frame of their checksum.</summary>
    public void SendBlocks(KvPool pool, int[] blocks)
    {
        Send(Frame(WireKind.Blocks, []), pool, blocks);
        Send(WireKind.Checksum, Checksum(pool, blocks));
    }

    /// <summary>Receives as many blocks.</summary>
    /// <returns>Whether what came is what was sent.</returns>
    public bool ReceiveBlocks(KvPool pool, int[] blocks)
    {
        foreach (var block in blocks)
            ReceiveAll(pool.Bytes(block));
        // Both sides compute it at once, when all has been sent: a pause in sending lets the receiver fall asleep, to be woken again.
        var here = Checksum(pool, blocks);
        var (kind, sent) = Receive();
        return kind == WireKind.Checksum && sent.AsSpan().SequenceEqual(here);
    }

    unsafe void Send(byte[] head, KvPool pool, int[] blocks)
    {
        if (VectoredSocket.IsSupported)
        {
            fixed (byte* first = head)
                VectoredSocket.SendAll(socket, [new(first, head.Length), .. blocks.Select(block => new VectoredSocket.Piece(pool.Block(block), (nint)pool.Layout.BytesPerBlock))]);
            return;
        }
        SendAll(head);
        foreach (var block in blocks)
            SendAll(pool.Bytes(block));
    }

    static byte[] Checksum(KvPool pool, int[] blocks)
    {
        var hash = new XxHash3();
        foreach (var block in blocks)
            hash.Append(pool.Bytes(block));
        return hash.GetCurrentHash();
    }

    // One piece: a peer that is woken for the head would only go back to sleep.
    static byte[] Frame(WireKind kind, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameBytes(payload.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        frame[4] = (byte)kind;
        payload.CopyTo(frame.AsSpan(HeadBytes));
        return frame;
    }

    static int FrameBytes(int payload) => (HeadBytes + payload + LineBytes - 1) / LineBytes * LineBytes;

    void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    void ReceiveAll(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var count = socket.Receive(bytes);
            if (count == 0)
                throw new EndOfStreamException("The peer has closed the connection.");
            bytes = bytes[count..];
        }
    }

    /// <summary>Also from another thread, to end a read that is under way.</summary>
    public void Dispose() => socket.Dispose();
}

internal enum WireKind : byte
{
    /// <summary>→ nothing; ← JSON of a <see cref="Handshake"/>.</summary>
    Hello = 1,

    /// <summary>→ JSON of a <see cref="BlockRequest"/>; ← the same kind, then the blocks, then a <see cref="Checksum"/>.</summary>
    Blocks = 2,

    /// <summary>→ a request's id: its blocks are no longer needed; ← the same kind while they were held until now.</summary>
    Done = 3,

    /// <summary>← why not, in words.</summary>
    Refused = 4,

    /// <summary>← XXH3 of the blocks that were sent.</summary>
    Checksum = 5,
}

/// <param name="SharedMemory">A path that opens the KV pool on the same machine.</param>
internal sealed record Handshake(string EngineId, string Hash, KvIdentity Identity, int Blocks, long BytesPerBlock, string? SharedMemory);

internal sealed record BlockRequest(string RequestId, int[] Blocks);
