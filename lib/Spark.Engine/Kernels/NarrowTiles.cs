using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>
/// The inner products where a register holds 256 bits or 128: half as many sums as <see cref="MatMulTiles"/> takes at once, because more would not stay in registers.
/// Each sum runs over k in the same order, so that the results are the same bit by bit.
/// </summary>
internal static unsafe class NarrowTiles
{
    /// <summary>4 rows by half a panel: 4 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<TW, THalf>(float* x, int xStride, int k, byte* panel, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader where THalf : struct, IPanelHalf
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        for (nint i = 0; i < k; i++, panel += TW.BytesPerStep)
        {
            var w = THalf.Load<TW>(panel);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(x[i]), w, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(x1[i]), w, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(x2[i]), w, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(x3[i]), w, s3);
        }
        y += THalf.FirstOutput;
        Store(y, s0, accumulate);
        Store(y + yStride, s1, accumulate);
        Store(y + 2 * yStride, s2, accumulate);
        Store(y + 3 * yStride, s3, accumulate);
    }

    /// <summary>1 row by 2 panels: 4 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TW>(float* x, int k, byte* panel, long panelBytes, float* y, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> l0 = default, h0 = default, l1 = default, h1 = default;
        for (var i = 0; i < k; i++, panel += TW.BytesPerStep)
        {
            var x0 = Vector512.Create(x[i]);
            l0 = Vector512.FusedMultiplyAdd(x0, TW.Low(panel), l0);
            h0 = Vector512.FusedMultiplyAdd(x0, TW.High(panel), h0);
            l1 = Vector512.FusedMultiplyAdd(x0, TW.Low(panel + panelBytes), l1);
            h1 = Vector512.FusedMultiplyAdd(x0, TW.High(panel + panelBytes), h1);
        }
        Store(y, l0, accumulate);
        Store(y + 16, h0, accumulate);
        Store(y + 32, l1, accumulate);
        Store(y + 48, h1, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* y, Vector512<float> sum, bool accumulate) =>
        (accumulate ? sum + Vector512.Load(y) : sum).Store(y);
}

/// <summary>16 of a panel's 32 outputs.</summary>
internal unsafe interface IPanelHalf
{
    static abstract int FirstOutput { get; }
    static abstract Vector512<float> Load<TW>(byte* step) where TW : struct, IWeightLoader;
}

internal readonly unsafe struct LowHalf : IPanelHalf
{
    public static int FirstOutput => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<TW>(byte* step) where TW : struct, IWeightLoader => TW.Low(step);
}

internal readonly unsafe struct HighHalf : IPanelHalf
{
    public static int FirstOutput => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<TW>(byte* step) where TW : struct, IWeightLoader => TW.High(step);
}
