using System.Runtime.CompilerServices;

namespace Spark.Engine;

/// <summary>
/// Causal attention over a paged KV cache. A row is one query head of one token; the heads that share a KV head, and neighbouring tokens
/// of a prompt, go together in tiles of eight rows, so that a cached value is read once for all of them. Batch-invariant: a row's scores,
/// softmax and output run over its own tokens in order, whatever stands beside it in the tile.
/// </summary>
internal sealed unsafe class PagedAttention : IDisposable
{
    const int TileRows = AttentionTile.Rows;
    readonly KvLayout layout;
    readonly int heads, group, headDim, scoreStride;
    readonly NativeBuffer memory;
    readonly float* scores;    // [TileRows, scoreStride]
    readonly float* queries;   // [headDim, TileRows]: transposed, so that one line holds a step of all rows
    readonly float* outputs;   // [TileRows, headDim]
    readonly int* lengths;     // [TileRows]: tokens that a row may see

    public PagedAttention(KvLayout layout, int heads, int maxTokens)
    {
        (this.layout, this.heads) = (layout, heads);
        (group, headDim) = (heads / layout.KvHeads, layout.HeadDim);
        scoreStride = (maxTokens + 2 * KvLayout.BlockSize - 1) / (2 * KvLayout.BlockSize) * 2 * KvLayout.BlockSize;   // scores come by two blocks at most
        memory = new NativeBuffer(sizeof(float) * (long)TileRows * (scoreStride + 2 * headDim + 1));
        scores = (float*)memory.Pointer;
        queries = scores + (long)TileRows * scoreStride;
        outputs = queries + TileRows * headDim;
        lengths = (int*)(outputs + TileRows * headDim);
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
            for (var row = 0; row < rows; row += AttentionTile.BestRows)
                if (layout.Dtype == KvDtype.BFloat16)
                    Tile<Bf16Kv>(pool, layer, kvHead, blockTable, firstPosition, row, Math.Min(AttentionTile.BestRows, rows - row), q, qStride, y, yStride);
                else
                    Tile<Fp32Kv>(pool, layer, kvHead, blockTable, firstPosition, row, Math.Min(AttentionTile.BestRows, rows - row), q, qStride, y, yStride);
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
        var scale = 1 / MathF.Sqrt(headDim);
        for (var r = 0; r < TileRows; r++)
        {
            // Rows past the end repeat the last one: they cost nothing extra and need no second code path.
            var (token, head) = Math.DivRem(firstRow + Math.Min(r, rows - 1), group);
            var source = q + (long)token * qStride + (kvHead * group + head) * headDim;
            for (var d = 0; d < headDim; d++)
                queries[d * TileRows + r] = source[d] * scale;
            lengths[r] = firstPosition + token + 1;
        }
        var length = lengths[rows - 1];
        var work = new AttentionTile { Scores = scores, ScoreStride = scoreStride, Queries = queries, Outputs = outputs, HeadDim = headDim, Length = length };
        if (rows > 4)
            work.Score<TKv, EightRows>(pool, layout.KeyTile(layer, kvHead), blockTable);
        else
            work.Score<TKv, FourRows>(pool, layout.KeyTile(layer, kvHead), blockTable);
        for (var r = 0; r < rows; r++)
            AttentionTile.Softmax(scores + (long)r * scoreStride, lengths[r], length);
        if (rows > 4)
            work.WeighValues<TKv, EightRows>(pool, layout.ValueTile(layer, kvHead), blockTable);
        else
            work.WeighValues<TKv, FourRows>(pool, layout.ValueTile(layer, kvHead), blockTable);
        for (var r = 0; r < rows; r++)
        {
            var (token, head) = Math.DivRem(firstRow + r, group);
            new ReadOnlySpan<float>(outputs + r * headDim, headDim).CopyTo(new Span<float>(y + (long)token * yStride + (kvHead * group + head) * headDim, headDim));
        }
    }

    public void Dispose() => memory.Dispose();
}
