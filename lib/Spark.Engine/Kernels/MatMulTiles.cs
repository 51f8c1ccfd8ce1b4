using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spark.Engine;

/// <summary>The register-blocked inner products of rows with one panel: named locals, because the JIT keeps those in registers and arrays not.</summary>
internal static unsafe class MatMulTiles
{
    /// <summary>4 rows: 16 accumulators.</summary>
    /// <param name="ahead">Weights that are soon needed: two lines are asked for at every step.</param>
    /// <param name="aheadStep">Bytes from those of one step to those of the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<TW>(float* x, int xStride, int k, byte* panel, byte* ahead, int aheadStep, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default;
        Vector512<float> a1 = default, b1 = default, c1 = default, d1 = default;
        Vector512<float> a2 = default, b2 = default, c2 = default, d2 = default;
        Vector512<float> a3 = default, b3 = default, c3 = default, d3 = default;
        for (nint i = 0; i < k; i++, panel += 2 * TW.BytesPerHalf, ahead += aheadStep)
        {
            Prefetch(ahead);
            var (a, b) = (TW.Low(panel), TW.High(panel));
            var (c, d) = (TW.Low(panel + TW.BytesPerHalf), TW.High(panel + TW.BytesPerHalf));
            var x0 = Vector512.Create(x[i]);
            a0 = Vector512.FusedMultiplyAdd(x0, a, a0); b0 = Vector512.FusedMultiplyAdd(x0, b, b0);
            c0 = Vector512.FusedMultiplyAdd(x0, c, c0); d0 = Vector512.FusedMultiplyAdd(x0, d, d0);
            var x1 = Vector512.Create(x[i + xStride]);
            a1 = Vector512.FusedMultiplyAdd(x1, a, a1); b1 = Vector512.FusedMultiplyAdd(x1, b, b1);
            c1 = Vector512.FusedMultiplyAdd(x1, c, c1); d1 = Vector512.FusedMultiplyAdd(x1, d, d1);
            var x2 = Vector512.Create(x[i + 2 * xStride]);
            a2 = Vector512.FusedMultiplyAdd(x2, a, a2); b2 = Vector512.FusedMultiplyAdd(x2, b, b2);
            c2 = Vector512.FusedMultiplyAdd(x2, c, c2); d2 = Vector512.FusedMultiplyAdd(x2, d, d2);
            var x3 = Vector512.Create(x[i + 3 * xStride]);
            a3 = Vector512.FusedMultiplyAdd(x3, a, a3); b3 = Vector512.FusedMultiplyAdd(x3, b, b3);
            c3 = Vector512.FusedMultiplyAdd(x3, c, c3); d3 = Vector512.FusedMultiplyAdd(x3, d, d3);
        }
        Store(y, a0, b0, c0, d0, accumulate);
        Store(y + yStride, a1, b1, c1, d1, accumulate);
        Store(y + 2 * yStride, a2, b2, c2, d2, accumulate);
        Store(y + 3 * yStride, a3, b3, c3, d3, accumulate);
    }

    /// <summary>2 rows: 8 accumulators, enough to hide a multiply-add's latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2<TW>(float* x, int xStride, int k, byte* panel, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default;
        Vector512<float> a1 = default, b1 = default, c1 = default, d1 = default;
        for (nint i = 0; i < k; i++, panel += 2 * TW.BytesPerHalf)
        {
            var (a, b) = (TW.Low(panel), TW.High(panel));
            var (c, d) = (TW.Low(panel + TW.BytesPerHalf), TW.High(panel + TW.BytesPerHalf));
            var x0 = Vector512.Create(x[i]);
            a0 = Vector512.FusedMultiplyAdd(x0, a, a0); b0 = Vector512.FusedMultiplyAdd(x0, b, b0);
            c0 = Vector512.FusedMultiplyAdd(x0, c, c0); d0 = Vector512.FusedMultiplyAdd(x0, d, d0);
            var x1 = Vector512.Create(x[i + xStride]);
            a1 = Vector512.FusedMultiplyAdd(x1, a, a1); b1 = Vector512.FusedMultiplyAdd(x1, b, b1);
            c1 = Vector512.FusedMultiplyAdd(x1, c, c1); d1 = Vector512.FusedMultiplyAdd(x1, d, d1);
        }
        Store(y, a0, b0, c0, d0, accumulate);
        Store(y + yStride, a1, b1, c1, d1, accumulate);
    }

    /// <summary>1 row: 4 accumulators take a panel in as fast as memory gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TW>(float* x, int k, byte* panel, float* y, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default;
        for (nint i = 0; i < k; i++, panel += 2 * TW.BytesPerHalf)
        {
            var x0 = Vector512.Create(x[i]);
            a0 = Vector512.FusedMultiplyAdd(x0, TW.Low(panel), a0);
            b0 = Vector512.FusedMultiplyAdd(x0, TW.High(panel), b0);
            c0 = Vector512.FusedMultiplyAdd(x0, TW.Low(panel + TW.BytesPerHalf), c0);
            d0 = Vector512.FusedMultiplyAdd(x0, TW.High(panel + TW.BytesPerHalf), d0);
        }
        Store(y, a0, b0, c0, d0, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* y, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, bool accumulate)
    {
        if (accumulate)
        {
            a += Vector512.Load(y);
            b += Vector512.Load(y + 16);
            c += Vector512.Load(y + 32);
            d += Vector512.Load(y + 48);
        }
        a.Store(y);
        b.Store(y + 16);
        c.Store(y + 32);
        d.Store(y + 48);
    }

    // Into the second-level cache: the first has no room for two panels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* lines)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch1(lines);
        Sse.Prefetch1(lines + 64);
    }
}
