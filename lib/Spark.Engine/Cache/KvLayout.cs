namespace Spark.Engine;

/// <summary>
/// Where a value of the paged KV cache lies. A block is one contiguous piece: [layers, K and V, kvHeads, tile].
/// A K tile is [headDim, 16 tokens], so that scores of 16 tokens are 16 lanes; a V tile is [16 tokens, headDim].
/// </summary>
public sealed record KvLayout(int Layers, int KvHeads, int HeadDim, KvDtype Dtype)
{
    /// <summary>Tokens a block, vLLM's default and the width of a SIMD register of floats here.</summary>
    public const int BlockSize = 16;

    public int BytesPerValue => Dtype == KvDtype.BFloat16 ? 2 : 4;
    public int BytesPerTile => BlockSize * HeadDim * BytesPerValue;
    public long BytesPerBlock => 2L * Layers * KvHeads * BytesPerTile;
    public long BytesPerToken => BytesPerBlock / BlockSize;

    public long KeyTile(int layer, int kvHead) => (2L * layer * KvHeads + kvHead) * BytesPerTile;
    public long ValueTile(int layer, int kvHead) => ((2L * layer + 1) * KvHeads + kvHead) * BytesPerTile;
}
