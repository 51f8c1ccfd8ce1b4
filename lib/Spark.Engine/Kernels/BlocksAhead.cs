using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Spark.Engine;

/// <summary>
/// The four blocks that attention reads next, on their way to the cache while it works on the four before them. Blocks lie anywhere, so that no hardware prefetcher
/// finds them by itself; and memory serves four streams, a line of each in turn, up to twice as fast as one.
/// </summary>
internal readonly unsafe struct BlocksAhead
{
    public const int Count = 4, LineBytes = 64;
    readonly byte* first, second, third, fourth;

    BlocksAhead(byte* first, byte* second, byte* third, byte* fourth)
    {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    /// <summary>Those behind the four at <paramref name="position"/>; behind a sequence's last, its first ones again, at the tile that is read after this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlocksAhead Of(KvPool pool, ReadOnlySpan<int> blockTable, int position, long tile, long next)
    {
        var block = position / KvLayout.BlockSize + Count;
        if (block >= blockTable.Length)
            (block, tile) = (0, next);
        var last = blockTable.Length - 1;
        return new(pool.Block(blockTable[block]) + tile, pool.Block(blockTable[Math.Min(block + 1, last)]) + tile,
            pool.Block(blockTable[Math.Min(block + 2, last)]) + tile, pool.Block(blockTable[Math.Min(block + 3, last)]) + tile);
    }

    /// <summary>Fetches the line at an offset, of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(long offset)
    {
        FetchLine(first + offset);
        FetchLine(second + offset);
        FetchLine(third + offset);
        FetchLine(fourth + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchLine(byte* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(line);
    }
}
