namespace Spark.Engine;

/// <summary>The memory of all KV blocks: [blocks, bytes a block].</summary>
internal sealed unsafe class KvPool(KvLayout layout, int blocks) : IDisposable
{
    readonly NativeBuffer memory = new(blocks * layout.BytesPerBlock);

    public KvLayout Layout => layout;
    public int Blocks => blocks;

    public byte* Block(int block) => memory.Pointer + block * layout.BytesPerBlock;

    public void Dispose() => memory.Dispose();
}
