using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>
/// The arithmetic of an attention tile: up to four rows of queries against one KV head of a paged cache, 16 lanes at a time. A cached value is loaded once for all
/// rows; a row's own sums run over head dimensions, and over its tokens, in order, whatever stands in the other rows.
/// </summary>
internal unsafe struct AttentionTile
{
    public const int Rows = 4;

    /// <summary>Tokens that scores are computed for at a time: their memory is padded to whole numbers of that.</summary>
    public const int MostTokensAtOnce = BlocksAhead.Count * KvLayout.BlockSize;

    // Sixteen sums of 512 bits stay in registers; of two registers of 256 bits or four of 128, four do.
    static int BlocksAtOnce => Vector512.IsHardwareAccelerated ? 4 : 1;

    /// <summary>[Rows, ScoreStride]: one row's scores by token, after <see cref="Softmax"/> its weights before they are divided by their sum.</summary>
    public float* Scores;
    public int ScoreStride;

    /// <summary>[Rows, HeadDim].</summary>
    public float* Queries;

    /// <summary>[Rows, HeadDim].</summary>
    public float* Outputs;
    public int HeadDim;

    /// <summary>Tokens that the longest row sees.</summary>
    public int Length;

    /// <param name="next">The tile that is read after this one, to be on its way by then.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score<TKv, TRows>(KvPool pool, long tile, long next, ReadOnlySpan<int> blockTable) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var (stride, headDim, length) = (ScoreStride, HeadDim, Length);
        var target = Scores;
        for (var first = 0; first < length; first += BlocksAtOnce * KvLayout.BlockSize, target += BlocksAtOnce * KvLayout.BlockSize)
        {
            var keys = Block(pool, blockTable, first, 0) + tile;
            var (at1, at2, at3) = (Block(pool, blockTable, first, 1) + tile - keys, Block(pool, blockTable, first, 2) + tile - keys, Block(pool, blockTable, first, 3) + tile - keys);
            var soon = BlocksAhead.Of(pool, blockTable, first, tile, next);
            var start = keys;
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
            float* q = Queries, end = q + headDim;
            for (; q < end; q++, keys += KvLayout.BlockSize * TKv.Bytes)
            {
                // One block at a time leaves no room for four streams: the next block's line is enough.
                if (BlocksAtOnce == 1)
                    BlocksAhead.FetchLine(keys + at1);
                else if (((nint)keys & (BlocksAhead.LineBytes - 1)) == 0)
                    soon.Fetch(keys - start);
                var (q0, q1, q2, q3) = (Vector512.Create(q[0]), Row<TRows>(q, headDim, 1), Row<TRows>(q, headDim, 2), Row<TRows>(q, headDim, 3));
                var key = TKv.Load(keys);
                (a0, a1, a2, a3) = Add<TRows>(key, q0, q1, q2, q3, a0, a1, a2, a3);
                if (BlocksAtOnce == 1)
                    continue;
                key = TKv.Load(keys + at1);
                (b0, b1, b2, b3) = Add<TRows>(key, q0, q1, q2, q3, b0, b1, b2, b3);
                key = TKv.Load(keys + at2);
                (c0, c1, c2, c3) = Add<TRows>(key, q0, q1, q2, q3, c0, c1, c2, c3);
                key = TKv.Load(keys + at3);
                (d0, d1, d2, d3) = Add<TRows>(key, q0, q1, q2, q3, d0, d1, d2, d3);
            }
            Store<TRows>(target, stride, a0, a1, a2, a3);
            if (BlocksAtOnce == 1)
                continue;
            Store<TRows>(target + KvLayout.BlockSize, stride, b0, b1, b2, b3);
            Store<TRows>(target + 2 * KvLayout.BlockSize, stride, c0, c1, c2, c3);
            Store<TRows>(target + 3 * KvLayout.BlockSize, stride, d0, d1, d2, d3);
        }
    }

    /// <summary>Sums of cached values, weighed by scores, times each row's scale.</summary>
    /// <param name="next">The tile that is read after this one, to be on its way by then.</param>
    public void WeighValues<TKv, TRows>(KvPool pool, long tile, long next, ReadOnlySpan<int> blockTable, float* scales) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var d = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; d + 64 <= HeadDim; d += 64)
                Weigh64<TKv, TRows>(pool, tile, next, blockTable, d, scales);
        for (; d < HeadDim; d += 16)
            Weigh16<TKv, TRows>(pool, tile, blockTable, d, scales);
    }

    // Never past the tile's own length: what lies beyond in the block may be another request's leftovers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Weigh64<TKv, TRows>(KvPool pool, long tile, long next, ReadOnlySpan<int> blockTable, int firstDim, float* scales) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var (stride, headDim, length, offset) = (ScoreStride, HeadDim, Length, firstDim * TKv.Bytes);
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (var group = 0; group < length; group += MostTokensAtOnce)
        {
            var (soon, ahead) = (BlocksAhead.Of(pool, blockTable, group, tile + offset, next + offset), 0L);
            for (var first = group; first < Math.Min(group + MostTokensAtOnce, length); first += KvLayout.BlockSize)
            {
                var values = Block(pool, blockTable, first, 0) + tile + offset;
                float* p = Scores + first, end = Scores + Math.Min(first + KvLayout.BlockSize, length);
                for (; p < end; p++, values += headDim * TKv.Bytes)
                {
                    if ((p - Scores) % BlocksAhead.Count == 0)
                    {
                        for (var line = 0; line < TKv.Bytes; line++)
                            soon.Fetch(ahead + line * BlocksAhead.LineBytes);
                        ahead += headDim * TKv.Bytes;
                    }
                    var (p0, p1, p2, p3) = (Vector512.Create(p[0]), Row<TRows>(p, stride, 1), Row<TRows>(p, stride, 2), Row<TRows>(p, stride, 3));
                    var value = TKv.Load(values);
                    (a0, a1, a2, a3) = Add<TRows>(value, p0, p1, p2, p3, a0, a1, a2, a3);
                    value = TKv.Load(values + 16 * TKv.Bytes);
                    (b0, b1, b2, b3) = Add<TRows>(value, p0, p1, p2, p3, b0, b1, b2, b3);
                    value = TKv.Load(values + 32 * TKv.Bytes);
                    (c0, c1, c2, c3) = Add<TRows>(value, p0, p1, p2, p3, c0, c1, c2, c3);
                    value = TKv.Load(values + 48 * TKv.Bytes);
                    (d0, d1, d2, d3) = Add<TRows>(value, p0, p1, p2, p3, d0, d1, d2, d3);
                }
            }
        }
        StoreScaled<TRows>(firstDim, scales, a0, a1, a2, a3);
        StoreScaled<TRows>(firstDim + 16, scales, b0, b1, b2, b3);
        StoreScaled<TRows>(firstDim + 32, scales, c0, c1, c2, c3);
        StoreScaled<TRows>(firstDim + 48, scales, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Weigh16<TKv, TRows>(KvPool pool, long tile, ReadOnlySpan<int> blockTable, int firstDim, float* scales) where TKv : struct, IKvElement where TRows : struct, ITileRows
    {
        var (stride, headDim, length) = (ScoreStride, HeadDim, Length);
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        for (var first = 0; first < length; first += KvLayout.BlockSize)
        {
            var values = Block(pool, blockTable, first, 0) + tile + firstDim * TKv.Bytes;
            var soon = Block(pool, blockTable, first, 2) + tile + firstDim * TKv.Bytes - values;
            float* p = Scores + first, end = Scores + Math.Min(first + KvLayout.BlockSize, length);
            for (; p < end; p++, values += headDim * TKv.Bytes)
            {
                BlocksAhead.FetchLine(values + soon);
                var value = TKv.Load(values);
                (a0, a1, a2, a3) = Add<TRows>(value, Vector512.Create(p[0]), Row<TRows>(p, stride, 1), Row<TRows>(p, stride, 2), Row<TRows>(p, stride, 3), a0, a1, a2, a3);
            }
        }
        StoreScaled<TRows>(firstDim, scales, a0, a1, a2, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Row<TRows>(float* column, int stride, int row) where TRows : struct, ITileRows =>
        row < TRows.Count ? Vector512.Create(column[row * stride]) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Add<TRows>(Vector512<float> cached,
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) where TRows : struct, ITileRows
    {
        s0 = Vector512.FusedMultiplyAdd(x0, cached, s0);
        if (TRows.Count > 1)
            s1 = Vector512.FusedMultiplyAdd(x1, cached, s1);
        if (TRows.Count > 2)
            s2 = Vector512.FusedMultiplyAdd(x2, cached, s2);
        if (TRows.Count > 3)
            s3 = Vector512.FusedMultiplyAdd(x3, cached, s3);
        return (s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TRows>(float* target, int stride, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) where TRows : struct, ITileRows
    {
        s0.Store(target);
        if (TRows.Count > 1)
            s1.Store(target + stride);
        if (TRows.Count > 2)
            s2.Store(target + 2 * stride);
        if (TRows.Count > 3)
            s3.Store(target + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void StoreScaled<TRows>(int dim, float* scales, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) where TRows : struct, ITileRows =>
        Store<TRows>(Outputs + dim, HeadDim, s0 * Vector512.Create(scales[0]), s1 * Vector512.Create(scales[1]), s2 * Vector512.Create(scales[2]), s3 * Vector512.Create(scales[3]));

    /// <summary>This block, one behind it, or the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* Block(KvPool pool, ReadOnlySpan<int> blockTable, int position, int later) =>
        pool.Block(blockTable[Math.Min(position / KvLayout.BlockSize + later, blockTable.Length - 1)]);
}
