using System.Runtime.CompilerServices;

namespace Spark.Engine;

/// <summary>The memory of all KV blocks: [blocks, bytes a block].</summary>
/// <param name="shared">Whether another process may map it.</param>
internal sealed unsafe class KvPool(KvLayout layout, int blocks, bool shared = false) : IDisposable
{
    readonly NativeBuffer memory = shared ? Shared(blocks * layout.BytesPerBlock) : new(blocks * layout.BytesPerBlock);
    readonly long bytesPerBlock = layout.BytesPerBlock;

    public KvLayout Layout => layout;
    public int Blocks => blocks;

    /// <summary>Opens the pool from another process; null where it is not shared.</summary>
    public string? SharedPath => memory.Path;

    public Span<byte> Bytes(int block) => new(Block(block), (int)bytesPerBlock);

    // A call here would empty all of a kernel's registers at every block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Block(int block) => memory.Pointer + block * bytesPerBlock;

    // A page of shared memory that is first used in a transfer would be paid for by that transfer.
    static NativeBuffer Shared(long bytes)
    {
        var memory = NativeBuffer.Shared(bytes);
        memory.Touch();
        return memory;
    }

    public void Dispose() => memory.Dispose();
}
