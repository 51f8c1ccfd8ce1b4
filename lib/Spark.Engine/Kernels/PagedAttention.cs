using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Spark.Engine;

/// <summary>
/// Causal attention over a paged KV cache. A row is one query head of one token; the heads that share a KV head, and neighbouring tokens
/// of a prompt, go together in tiles of four rows, so that a cached value is read once for all of them. Batch-invariant: a row's scores,
/// softmax and output run over its own tokens in order, whatever stands beside it in the tile.
/// </summary>
internal sealed unsafe class PagedAttention : IDisposable
{
    const int TileRows = AttentionTile.Rows;
    readonly KvLayout layout;
    readonly int heads, group, headDim, scoreStride;
    readonly NativeBuffer memory;
    readonly float* scores;    // [TileRows, scoreStride]
    readonly float* queries;   // [TileRows, headDim]
    readonly float* outputs;   // [TileRows, headDim]
    readonly float* scales;    // [TileRows]: one divided by the sum of a row's weights

    public PagedAttention(KvLayout layout, int heads, int maxTokens)
    {
        (this.layout, this.heads) = (layout, heads);
        (group, headDim) = (heads / layout.KvHeads, layout.HeadDim);
        scoreStride = (maxTokens + AttentionTile.MostTokensAtOnce - 1) / AttentionTile.MostTokensAtOnce * AttentionTile.MostTokensAtOnce;
        memory = new NativeBuffer(sizeof(float) * (long)TileRows * (scoreStride + 2 * headDim + 1));
        scores = (float*)memory.Pointer;
        queries = scores + (long)TileRows * scoreStride;
        outputs = queries + TileRows * headDim;
        scales = outputs + TileRows * headDim;
    }

    public long Bytes => memory.Bytes;

    /// <summary>Writes K and V of one token: [kvHeads, headDim] each, K already rotated.</summary>
    public void Write(KvPool pool, int layer, ReadOnlySpan<int> blockTable, int position, float* k, float* v)
    {
        if (layout.Dtype == KvDtype.BFloat16)
            Write<Bf16Kv>(pool, layer, blockTable, position, k, v);
        else
            Write<Fp32Kv>(pool, layer, blockTable, position, k, v);
    }

    /// <summary>Attention of consecutive tokens of one request, whose K and V are written.</summary>
    /// <param name="q">[tokens, stride]: heads · headDim values a token.</param>
    /// <param name="y">[tokens, yStride]: likewise.</param>
    public void Attend(KvPool pool, int layer, ReadOnlySpan<int> blockTable, int firstPosition, int tokens, float* q, int qStride, float* y, int yStride)
    {
        var rows = tokens * group;
        for (var kvHead = 0; kvHead < heads / group; kvHead++)
            for (var row = 0; row < rows; row += TileRows)
                if (layout.Dtype == KvDtype.BFloat16)
                    Tile<Bf16Kv>(pool, layer, kvHead, blockTable, firstPosition, row, Math.Min(TileRows, rows - row), q, qStride, y, yStride);
                else
                    Tile<Fp32Kv>(pool, layer, kvHead, blockTable, firstPosition, row, Math.Min(TileRows, rows - row), q, qStride, y, yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Write<TKv>(KvPool pool, int layer, ReadOnlySpan<int> blockTable, int position, float* k, float* v) where TKv : struct, IKvElement
    {
        var block = pool.Block(blockTable[position / KvLayout.BlockSize]);
        var slot = position % KvLayout.BlockSize;
        for (var head = 0; head < heads / group; head++, k += headDim, v += headDim)
        {
            var keys = block + layout.KeyTile(layer, head) + slot * TKv.Bytes;
            var values = block + layout.ValueTile(layer, head) + slot * headDim * TKv.Bytes;
            for (var d = 0; d < headDim; d++)
            {
                TKv.Store(keys + d * KvLayout.BlockSize * TKv.Bytes, k[d]);
                TKv.Store(values + d * TKv.Bytes, v[d]);
            }
        }
    }

    void Tile<TKv>(KvPool pool, int layer, int kvHead, ReadOnlySpan<int> blockTable, int firstPosition, int firstRow, int rows,
        float* q, int qStride, float* y, int yStride) where TKv : struct, IKvElement
    {
        var length = firstPosition + (firstRow + rows - 1) / group + 1;
        var tile = new AttentionTile { Scores = scores, ScoreStride = scoreStride, Queries = queries, Outputs = outputs, HeadDim = headDim, Length = length };
        var scale = 1 / MathF.Sqrt(headDim);
        for (var r = 0; r < rows; r++)
        {
            var (token, head) = Math.DivRem(firstRow + r, group);
            TensorPrimitives.Multiply(new ReadOnlySpan<float>(q + (long)token * qStride + (kvHead * group + head) * headDim, headDim), scale, new Span<float>(queries + r * headDim, headDim));
        }
        switch (rows)
        {
            case 1: Compute<TKv, OneRow>(tile, pool, layer, kvHead, blockTable, firstPosition, firstRow); break;
            case 2: Compute<TKv, TwoRows>(tile, pool, layer, kvHead, blockTable, firstPosition, firstRow); break;
            case 3: Compute<TKv, ThreeRows>(tile, pool, layer, kvHead, blockTable, firstPosition, firstRow); break;
            default: Compute<TKv, FourRows>(tile, pool, layer, kvHead, blockTable, firstPosition, firstRow); break;
        }
        for (var r = 0; r < rows; r++)
        {
            var (token, head) = Math.DivRem(firstRow + r, group);
            new ReadOnlySpan<float>(outputs + r * headDim, headDim).CopyTo(new Span<float>(y + (long)token * yStride + (kvHead * group + head) * headDim, headDim));
        }
    }

    void Compute<TKv, TRows>(AttentionTile tile, KvPool pool, int layer, int kvHead, ReadOnlySpan<int> blockTable, int firstPosition, int firstRow)
        where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        tile.Score<TKv, TRows>(pool, layout.KeyTile(layer, kvHead), layout.ValueTile(layer, kvHead), blockTable);
        for (var r = 0; r < TRows.Count; r++)
            scales[r] = Softmax.Apply(scores + (long)r * scoreStride, firstPosition + (firstRow + r) / group + 1, tile.Length);
        tile.WeighValues<TKv, TRows>(pool, layout.ValueTile(layer, kvHead), layout.KeyTile(layer, Math.Min(kvHead + 1, layout.KvHeads - 1)), blockTable, scales);
    }

    public void Dispose() => memory.Dispose();
}
