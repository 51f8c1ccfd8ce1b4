using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spark.Engine;

/// <summary>
/// The arithmetic of an attention tile: eight rows of queries against one KV head of a paged cache, 16 lanes at a time. A cached value is loaded once for all rows;
/// a row's own sums run over its tokens in order, whatever stands in the other rows.
/// </summary>
internal unsafe struct AttentionTile
{
    public const int Rows = 8;

    /// <summary>[Rows, ScoreStride]: one row's scores by token, after <see cref="Softmax"/> its weights.</summary>
    public float* Scores;
    public int ScoreStride;

    /// <summary>[HeadDim, Rows]: transposed, so that one line holds a step of all rows.</summary>
    public float* Queries;

    /// <summary>[Rows, HeadDim].</summary>
    public float* Outputs;
    public int HeadDim;

    /// <summary>Tokens that the longest row sees.</summary>
    public int Length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score<TKv, TRows>(KvPool pool, long tile, ReadOnlySpan<int> blockTable) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var target = Scores;
        var (stride, headDim, length) = (ScoreStride, HeadDim, Length);
        for (var first = 0; first < length; first += KvLayout.BlockSize, target += KvLayout.BlockSize)
        {
            var keys = pool.Block(blockTable[first / KvLayout.BlockSize]) + tile;
            var ahead = Ahead(pool, blockTable, first) + tile - keys;
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            var q = Queries;
            for (var d = 0; d < headDim; d++, q += Rows, keys += KvLayout.BlockSize * TKv.Bytes)
            {
                Prefetch(keys + ahead);
                var key = TKv.Load(keys);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(q[0]), key, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(q[1]), key, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(q[2]), key, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(q[3]), key, s3);
                if (!TRows.AreEight)
                    continue;
                s4 = Vector512.FusedMultiplyAdd(Vector512.Create(q[4]), key, s4);
                s5 = Vector512.FusedMultiplyAdd(Vector512.Create(q[5]), key, s5);
                s6 = Vector512.FusedMultiplyAdd(Vector512.Create(q[6]), key, s6);
                s7 = Vector512.FusedMultiplyAdd(Vector512.Create(q[7]), key, s7);
            }
            s0.Store(target);
            s1.Store(target + stride);
            s2.Store(target + 2 * stride);
            s3.Store(target + 3 * stride);
            if (!TRows.AreEight)
                continue;
            s4.Store(target + 4 * stride);
            s5.Store(target + 5 * stride);
            s6.Store(target + 6 * stride);
            s7.Store(target + 7 * stride);
        }
    }

    // Tokens that this row may not see get weight 0, up to the tile's own length.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(float* row, int visible, int length)
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
    public void WeighValues<TKv, TRows>(KvPool pool, long tile, ReadOnlySpan<int> blockTable) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var (stride, headDim, length) = (ScoreStride, HeadDim, Length);
        float* scores = Scores, outputs = Outputs;
        for (var d = 0; d < headDim; d += 16)
        {
            Vector512<float> o0 = default, o1 = default, o2 = default, o3 = default, o4 = default, o5 = default, o6 = default, o7 = default;
            for (var first = 0; first < length; first += KvLayout.BlockSize)
            {
                var values = pool.Block(blockTable[first / KvLayout.BlockSize]) + tile + d * TKv.Bytes;
                var ahead = Ahead(pool, blockTable, first) + tile + d * TKv.Bytes - values;
                var end = Math.Min(first + KvLayout.BlockSize, length);
                for (var p = scores + first; p < scores + end; p++, values += headDim * TKv.Bytes)
                {
                    Prefetch(values + ahead);
                    var value = TKv.Load(values);
                    o0 = Vector512.FusedMultiplyAdd(Vector512.Create(p[0]), value, o0);
                    o1 = Vector512.FusedMultiplyAdd(Vector512.Create(p[stride]), value, o1);
                    o2 = Vector512.FusedMultiplyAdd(Vector512.Create(p[2 * stride]), value, o2);
                    o3 = Vector512.FusedMultiplyAdd(Vector512.Create(p[3 * stride]), value, o3);
                    if (!TRows.AreEight)
                        continue;
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
            if (!TRows.AreEight)
                continue;
            o4.Store(outputs + 4 * headDim + d);
            o5.Store(outputs + 5 * headDim + d);
            o6.Store(outputs + 6 * headDim + d);
            o7.Store(outputs + 7 * headDim + d);
        }
    }

    /// <summary>A block that comes soon: blocks lie anywhere, so that no hardware prefetcher finds the next one by itself.</summary>
    static byte* Ahead(KvPool pool, ReadOnlySpan<int> blockTable, int position) =>
        pool.Block(blockTable[Math.Min(position / KvLayout.BlockSize + 2, blockTable.Length - 1)]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(line);
    }
}
