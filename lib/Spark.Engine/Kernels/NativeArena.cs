namespace Spark.Engine;

/// <summary>
/// Hands out pieces of large buffers, one behind the other: what is read one after the other lies so in memory, on huge pages however small a piece is.
/// They live as long as the arena.
/// </summary>
internal sealed unsafe class NativeArena : IDisposable
{
    const long ChunkBytes = 64 << 20;   // what of a chunk is never handed out costs no physical memory
    const int LineBytes = 64;
    readonly List<NativeBuffer> chunks = [];
    long used;

    /// <summary>Zeroed memory that begins at a cache line.</summary>
    public byte* Take(long bytes)
    {
        if (chunks.Count == 0 || used + bytes > chunks[^1].Bytes)
        {
            chunks.Add(new(Math.Max(bytes, ChunkBytes)));
            used = 0;
        }
        var start = chunks[^1].Pointer + used;
        used += (bytes + LineBytes - 1) / LineBytes * LineBytes;
        return start;
    }

    public void Dispose() => chunks.ForEach(chunk => chunk.Dispose());
}
