namespace Spark.Engine;

/// <summary>The memory of all KV blocks: [blocks, bytes a block].</summary>
/// <param name="shared">Whether another process may map it.</param>
internal sealed unsafe class KvPool(KvLayout layout, int blocks, bool shared = false) : IDisposable
{
    readonly NativeBuffer memory = shared ? NativeBuffer.Shared(blocks * layout.BytesPerBlock) : new(blocks * layout.BytesPerBlock);

    public KvLayout Layout => layout;
    public int Blocks => blocks;

    /// <summary>Opens the pool from another process; null where it is not shared.</summary>
    public string? SharedPath => memory.Path;

    public byte* Block(int block) => memory.Pointer + block * layout.BytesPerBlock;

    public void Dispose() => memory.Dispose();
}
