using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>
/// Causal attention over a paged KV cache. A row is one query head of one token; the heads that share a KV head, and neighbouring tokens
/// of a prompt, go together in tiles of eight rows, so that a cached value is read once for all of them. Batch-invariant: a row's scores,
/// softmax and output run over its own tokens in order, whatever stands beside it in the tile.
/// </summary>
internal sealed unsafe class PagedAttention : IDisposable
{
    const int TileRows = 8;
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
        scoreStride = (maxTokens + KvLayout.BlockSize - 1) / KvLayout.BlockSize * KvLayout.BlockSize;
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
        Scores<TKv>(pool, layout.KeyTile(layer, kvHead), blockTable, length);
        for (var r = 0; r < rows; r++)
            Softmax(scores + (long)r * scoreStride, lengths[r], length);
        WeighValues<TKv>(pool, layout.ValueTile(layer, kvHead), blockTable, length);
        for (var r = 0; r < rows; r++)
        {
            var (token, head) = Math.DivRem(firstRow + r, group);
            new ReadOnlySpan<float>(outputs + r * headDim, headDim).CopyTo(new Span<float>(y + (long)token * yStride + (kvHead * group + head) * headDim, headDim));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Scores<TKv>(KvPool pool, long tile, ReadOnlySpan<int> blockTable, int length) where TKv : struct, IKvElement
    {
        var target = scores;
        var stride = scoreStride;
        for (var first = 0; first < length; first += KvLayout.BlockSize, target += KvLayout.BlockSize)
        {
            var keys = pool.Block(blockTable[first / KvLayout.BlockSize]) + tile;
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            var q = queries;
            for (var d = 0; d < headDim; d++, q += TileRows, keys += KvLayout.BlockSize * TKv.Bytes)
            {
                var key = TKv.Load(keys);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(q[0]), key, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(q[1]), key, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(q[2]), key, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(q[3]), key, s3);
                s4 = Vector512.FusedMultiplyAdd(Vector512.Create(q[4]), key, s4);
                s5 = Vector512.FusedMultiplyAdd(Vector512.Create(q[5]), key, s5);
                s6 = Vector512.FusedMultiplyAdd(Vector512.Create(q[6]), key, s6);
                s7 = Vector512.FusedMultiplyAdd(Vector512.Create(q[7]), key, s7);
            }
            s0.Store(target);
            s1.Store(target + stride);
            s2.Store(target + 2 * stride);
            s3.Store(target + 3 * stride);
            s4.Store(target + 4 * stride);
            s5.Store(target + 5 * stride);
            s6.Store(target + 6 * stride);
            s7.Store(target + 7 * stride);
        }
    }

    // Tokens that this row may not see get weight 0, up to the tile's own length.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Softmax(float* row, int visible, int length)
    {
        for (var t = visible; t < (length + 15 & ~15); t++)
            row[t] = float.NegativeInfinity;
        var max = Vector512.Create(float.NegativeInfinity);
        for (var t = 0; t < visible; t += 16)
            max = Vector512.MaxNative(max, Vector512.Load(row + t));
        var top = float.NegativeInfinity;
        for (var lane = 0; lane < 16; lane++)
            top = Math.Max(top, max[lane]);
        Vector512<float> sum = default;
        for (var t = 0; t < length; t += 16)
        {
            var weight = VectorMath.Exp(Vector512.Load(row + t) - Vector512.Create(top));
            sum += weight;
            weight.Store(row + t);
        }
        var scale = Vector512.Create(1 / VectorMath.Sum(sum));
        for (var t = 0; t < length; t += 16)
            (Vector512.Load(row + t) * scale).Store(row + t);
    }

    // Token by token, never past the tile's own length: what lies beyond in the block may be another request's leftovers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void WeighValues<TKv>(KvPool pool, long tile, ReadOnlySpan<int> blockTable, int length) where TKv : struct, IKvElement
    {
        var stride = scoreStride;
        for (var d = 0; d < headDim; d += 16)
        {
            Vector512<float> o0 = default, o1 = default, o2 = default, o3 = default, o4 = default, o5 = default, o6 = default, o7 = default;
            for (var first = 0; first < length; first += KvLayout.BlockSize)
            {
                var values = pool.Block(blockTable[first / KvLayout.BlockSize]) + tile + d * TKv.Bytes;
                var end = Math.Min(first + KvLayout.BlockSize, length);
                for (var p = scores + first; p < scores + end; p++, values += headDim * TKv.Bytes)
                {
                    var value = TKv.Load(values);
                    o0 = Vector512.FusedMultiplyAdd(Vector512.Create(p[0]), value, o0);
                    o1 = Vector512.FusedMultiplyAdd(Vector512.Create(p[stride]), value, o1);
                    o2 = Vector512.FusedMultiplyAdd(Vector512.Create(p[2 * stride]), value, o2);
                    o3 = Vector512.FusedMultiplyAdd(Vector512.Create(p[3 * stride]), value, o3);
                    o4 = Vector512.FusedMultiplyAdd(Vector512.Create(p[4 * stride]), value, o4);
                    o5 = Vector512.FusedMultiplyAdd(Vector512.Create(p[5 * stride]), value, o5);
                    o6 = Vector512.FusedMultiplyAdd(Vector512.Create(p[6 * stride]), value, o6);
                    o7 = Vector512.FusedMultiplyAdd(Vector512.Create(p[7 * stride]), value, o7);
                }
            }
            o0.Store(outputs + d);
            o1.Store(outputs + headDim + d);
            o2.Store(outputs + 2 * headDim + d);
            o3.Store(outputs + 3 * headDim + d);
            o4.Store(outputs + 4 * headDim + d);
            o5.Store(outputs + 5 * headDim + d);
            o6.Store(outputs + 6 * headDim + d);
            o7.Store(outputs + 7 * headDim + d);
        }
    }

    public void Dispose() => memory.Dispose();
}
