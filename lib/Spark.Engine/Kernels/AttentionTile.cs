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

    /// <summary>Rows that a tile best takes: with narrower registers, the sums of four rows already take them all.</summary>
    public static int BestRows => Vector512.IsHardwareAccelerated ? Rows : Rows / 2;

    // Eight sums at a time hide a multiply-add's latency: of eight rows, or of four rows and two blocks.
    // Where a sum takes two registers of 256 bits or four of 128, four sums of one block are eight chains or more, and all that fit.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score<TKv, TRows>(KvPool pool, long tile, ReadOnlySpan<int> blockTable) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var (stride, headDim, length) = (ScoreStride, HeadDim, Length);
        var (upper, next) = TRows.AreEight ? (4, 4 * stride) : (0, KvLayout.BlockSize);
        var oneBlock = TRows.AreEight || !Vector512.IsHardwareAccelerated;
        var step = oneBlock ? KvLayout.BlockSize : 2 * KvLayout.BlockSize;
        var target = Scores;
        for (var first = 0; first < length; first += step, target += step)
        {
            var keys = pool.Block(blockTable[first / KvLayout.BlockSize]) + tile;
            var beside = Ahead(pool, blockTable, first, 1) + tile - keys;
            var (ahead, aheadBeside) = (Ahead(pool, blockTable, first, 2) + tile - keys, Ahead(pool, blockTable, first, 3) + tile - keys);
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
                if (oneBlock && !TRows.AreEight)
                    continue;
                if (!oneBlock)
                {
                    Prefetch(keys + aheadBeside);
                    key = TKv.Load(keys + beside);
                }
                s4 = Vector512.FusedMultiplyAdd(Vector512.Create(q[upper]), key, s4);
                s5 = Vector512.FusedMultiplyAdd(Vector512.Create(q[upper + 1]), key, s5);
                s6 = Vector512.FusedMultiplyAdd(Vector512.Create(q[upper + 2]), key, s6);
                s7 = Vector512.FusedMultiplyAdd(Vector512.Create(q[upper + 3]), key, s7);
            }
            s0.Store(target);
            s1.Store(target + stride);
            s2.Store(target + 2 * stride);
            s3.Store(target + 3 * stride);
            if (oneBlock && !TRows.AreEight)
                continue;
            s4.Store(target + next);
            s5.Store(target + next + stride);
            s6.Store(target + next + 2 * stride);
            s7.Store(target + next + 3 * stride);
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

    // Block by block, so that each is read from memory once; the sums wait in the first-level cache between blocks.
    // Never past the tile's own length: what lies beyond in the block may be another request's leftovers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WeighValues<TKv, TRows>(KvPool pool, long tile, ReadOnlySpan<int> blockTable) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var (stride, headDim, length) = (ScoreStride, HeadDim, Length);
        float* scores = Scores, outputs = Outputs;
        new Span<float>(outputs, Rows * headDim).Clear();
        for (var first = 0; first < length; first += KvLayout.BlockSize)
        {
            var block = pool.Block(blockTable[first / KvLayout.BlockSize]) + tile;
            var ahead = Ahead(pool, blockTable, first, 2) + tile;
            var end = scores + Math.Min(first + KvLayout.BlockSize, length);
            for (var d = 0; d < headDim; d += 16)
            {
                var values = block + d * TKv.Bytes;
                var o = outputs + d;
                var (o0, o1, o2, o3) = (Vector512.Load(o), Vector512.Load(o + headDim), Vector512.Load(o + 2 * headDim), Vector512.Load(o + 3 * headDim));
                var (o4, o5, o6, o7) = TRows.AreEight ? (Vector512.Load(o + 4 * headDim), Vector512.Load(o + 5 * headDim), Vector512.Load(o + 6 * headDim), Vector512.Load(o + 7 * headDim)) : default;
                for (var p = scores + first; p < end; p++, values += headDim * TKv.Bytes, ahead += 16 * TKv.Bytes)
                {
                    Prefetch(ahead);
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
                o0.Store(o);
                o1.Store(o + headDim);
                o2.Store(o + 2 * headDim);
                o3.Store(o + 3 * headDim);
                if (!TRows.AreEight)
                    continue;
                o4.Store(o + 4 * headDim);
                o5.Store(o + 5 * headDim);
                o6.Store(o + 6 * headDim);
                o7.Store(o + 7 * headDim);
            }
        }
    }

    /// <summary>A block that comes soon, or the last: blocks lie anywhere, so that no hardware prefetcher finds the next one by itself.</summary>
    static byte* Ahead(KvPool pool, ReadOnlySpan<int> blockTable, int position, int blocks) =>
        pool.Block(blockTable[Math.Min(position / KvLayout.BlockSize + blocks, blockTable.Length - 1)]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(line);
    }
}
