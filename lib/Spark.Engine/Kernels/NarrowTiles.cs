using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spark.Engine;

/// <summary>
/// The inner products where a register holds 256 bits or 128: fewer sums than <see cref="MatMulTiles"/> takes at once, because more would not stay in registers.
/// Each sum runs over k in the same order, so that the results are the same bit by bit.
/// </summary>
internal static unsafe class NarrowTiles
{
    /// <summary>6 or 4 rows by a quarter of a panel: a sum each, which with the weights and a value of x are all that 16 registers of 256 bits hold.</summary>
    /// <param name="half">The half of the panel that the quarter lies in.</param>
    /// <param name="ahead">Weights that are soon needed: a line is asked for at every step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows<TW, TQuarter, TRows>(float* x, int xStride, int k, byte* half, byte* ahead, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader where TQuarter : struct, IPanelQuarter where TRows : struct, ITileRows
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride, x4 = x3 + xStride, x5 = x4 + xStride;
        for (nint i = 0; i < k; i++, half += 2 * TW.BytesPerHalf, ahead += 64)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(ahead);
            var w = TQuarter.Load<TW>(half);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(x[i]), w, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(x1[i]), w, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(x2[i]), w, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(x3[i]), w, s3);
            if (TRows.Count == 4)
                continue;
            s4 = Vector512.FusedMultiplyAdd(Vector512.Create(x4[i]), w, s4);
            s5 = Vector512.FusedMultiplyAdd(Vector512.Create(x5[i]), w, s5);
        }
        y += TQuarter.FirstOutput;
        Store(y, s0, accumulate);
        Store(y + yStride, s1, accumulate);
        Store(y + 2 * yStride, s2, accumulate);
        Store(y + 3 * yStride, s3, accumulate);
        if (TRows.Count == 4)
            return;
        Store(y + 4 * yStride, s4, accumulate);
        Store(y + 5 * yStride, s5, accumulate);
    }

    /// <summary>1 row by a panel: 4 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TW>(float* x, int k, byte* panel, float* y, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (nint i = 0; i < k; i++, panel += 2 * TW.BytesPerHalf)
        {
            var x0 = Vector512.Create(x[i]);
            a = Vector512.FusedMultiplyAdd(x0, TW.Low(panel), a);
            b = Vector512.FusedMultiplyAdd(x0, TW.High(panel), b);
            c = Vector512.FusedMultiplyAdd(x0, TW.Low(panel + TW.BytesPerHalf), c);
            d = Vector512.FusedMultiplyAdd(x0, TW.High(panel + TW.BytesPerHalf), d);
        }
        Store(y, a, accumulate);
        Store(y + 16, b, accumulate);
        Store(y + 32, c, accumulate);
        Store(y + 48, d, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* y, Vector512<float> sum, bool accumulate) =>
        (accumulate ? sum + Vector512.Load(y) : sum).Store(y);
}

/// <summary>16 of the 32 outputs of half a panel.</summary>
internal unsafe interface IPanelQuarter
{
    static abstract int FirstOutput { get; }
    static abstract Vector512<float> Load<TW>(byte* half) where TW : struct, IWeightLoader;
}

internal readonly unsafe struct LowQuarter : IPanelQuarter
{
    public static int FirstOutput => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<TW>(byte* half) where TW : struct, IWeightLoader => TW.Low(half);
}

internal readonly unsafe struct HighQuarter : IPanelQuarter
{
    public static int FirstOutput => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<TW>(byte* half) where TW : struct, IWeightLoader => TW.High(half);
}
