using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Spark.Engine;

/// <summary>The register-blocked inner products: named locals, because the JIT keeps those in registers and arrays not.</summary>
internal static unsafe class MatMulTiles
{
    /// <summary>8 rows by 1 panel: 16 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows8<TW>(float* x, int xStride, int k, byte* panel, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> l0 = default, h0 = default;
        Vector512<float> l1 = default, h1 = default;
        Vector512<float> l2 = default, h2 = default;
        Vector512<float> l3 = default, h3 = default;
        Vector512<float> l4 = default, h4 = default;
        Vector512<float> l5 = default, h5 = default;
        Vector512<float> l6 = default, h6 = default;
        Vector512<float> l7 = default, h7 = default;
        for (var i = 0; i < k; i++, panel += TW.BytesPerStep)
        {
            Prefetch(panel);
            var (wl, wh) = (TW.Low(panel), TW.High(panel));
            var x0 = Vector512.Create(x[i]);
            l0 = Vector512.FusedMultiplyAdd(x0, wl, l0); h0 = Vector512.FusedMultiplyAdd(x0, wh, h0);
            var x1 = Vector512.Create(x[i + xStride]);
            l1 = Vector512.FusedMultiplyAdd(x1, wl, l1); h1 = Vector512.FusedMultiplyAdd(x1, wh, h1);
            var x2 = Vector512.Create(x[i + 2 * xStride]);
            l2 = Vector512.FusedMultiplyAdd(x2, wl, l2); h2 = Vector512.FusedMultiplyAdd(x2, wh, h2);
            var x3 = Vector512.Create(x[i + 3 * xStride]);
            l3 = Vector512.FusedMultiplyAdd(x3, wl, l3); h3 = Vector512.FusedMultiplyAdd(x3, wh, h3);
            var x4 = Vector512.Create(x[i + 4 * xStride]);
            l4 = Vector512.FusedMultiplyAdd(x4, wl, l4); h4 = Vector512.FusedMultiplyAdd(x4, wh, h4);
            var x5 = Vector512.Create(x[i + 5 * xStride]);
            l5 = Vector512.FusedMultiplyAdd(x5, wl, l5); h5 = Vector512.FusedMultiplyAdd(x5, wh, h5);
            var x6 = Vector512.Create(x[i + 6 * xStride]);
            l6 = Vector512.FusedMultiplyAdd(x6, wl, l6); h6 = Vector512.FusedMultiplyAdd(x6, wh, h6);
            var x7 = Vector512.Create(x[i + 7 * xStride]);
            l7 = Vector512.FusedMultiplyAdd(x7, wl, l7); h7 = Vector512.FusedMultiplyAdd(x7, wh, h7);
        }
        Store(y, l0, h0, accumulate);
        Store(y + yStride, l1, h1, accumulate);
        Store(y + 2 * yStride, l2, h2, accumulate);
        Store(y + 3 * yStride, l3, h3, accumulate);
        Store(y + 4 * yStride, l4, h4, accumulate);
        Store(y + 5 * yStride, l5, h5, accumulate);
        Store(y + 6 * yStride, l6, h6, accumulate);
        Store(y + 7 * yStride, l7, h7, accumulate);
    }

    /// <summary>4 rows by 2 panels: 16 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4<TW>(float* x, int xStride, int k, byte* panel, long panelBytes, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> l00 = default, h00 = default, l01 = default, h01 = default;
        Vector512<float> l10 = default, h10 = default, l11 = default, h11 = default;
        Vector512<float> l20 = default, h20 = default, l21 = default, h21 = default;
        Vector512<float> l30 = default, h30 = default, l31 = default, h31 = default;
        for (var i = 0; i < k; i++, panel += TW.BytesPerStep)
        {
            var (wl0, wh0) = (TW.Low(panel), TW.High(panel));
            var (wl1, wh1) = (TW.Low(panel + panelBytes), TW.High(panel + panelBytes));
            var x0 = Vector512.Create(x[i]);
            l00 = Vector512.FusedMultiplyAdd(x0, wl0, l00); h00 = Vector512.FusedMultiplyAdd(x0, wh0, h00);
            l01 = Vector512.FusedMultiplyAdd(x0, wl1, l01); h01 = Vector512.FusedMultiplyAdd(x0, wh1, h01);
            var x1 = Vector512.Create(x[i + xStride]);
            l10 = Vector512.FusedMultiplyAdd(x1, wl0, l10); h10 = Vector512.FusedMultiplyAdd(x1, wh0, h10);
            l11 = Vector512.FusedMultiplyAdd(x1, wl1, l11); h11 = Vector512.FusedMultiplyAdd(x1, wh1, h11);
            var x2 = Vector512.Create(x[i + 2 * xStride]);
            l20 = Vector512.FusedMultiplyAdd(x2, wl0, l20); h20 = Vector512.FusedMultiplyAdd(x2, wh0, h20);
            l21 = Vector512.FusedMultiplyAdd(x2, wl1, l21); h21 = Vector512.FusedMultiplyAdd(x2, wh1, h21);
            var x3 = Vector512.Create(x[i + 3 * xStride]);
            l30 = Vector512.FusedMultiplyAdd(x3, wl0, l30); h30 = Vector512.FusedMultiplyAdd(x3, wh0, h30);
            l31 = Vector512.FusedMultiplyAdd(x3, wl1, l31); h31 = Vector512.FusedMultiplyAdd(x3, wh1, h31);
        }
        Store(y, l00, h00, accumulate);
        Store(y + 32, l01, h01, accumulate);
        Store(y + yStride, l10, h10, accumulate);
        Store(y + yStride + 32, l11, h11, accumulate);
        Store(y + 2 * yStride, l20, h20, accumulate);
        Store(y + 2 * yStride + 32, l21, h21, accumulate);
        Store(y + 3 * yStride, l30, h30, accumulate);
        Store(y + 3 * yStride + 32, l31, h31, accumulate);
    }

    /// <summary>2 rows by 4 panels: 16 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2<TW>(float* x, int xStride, int k, byte* panel, long panelBytes, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> l00 = default, h00 = default, l01 = default, h01 = default, l02 = default, h02 = default, l03 = default, h03 = default;
        Vector512<float> l10 = default, h10 = default, l11 = default, h11 = default, l12 = default, h12 = default, l13 = default, h13 = default;
        for (var i = 0; i < k; i++, panel += TW.BytesPerStep)
        {
            var (wl0, wh0) = (TW.Low(panel), TW.High(panel));
            var (wl1, wh1) = (TW.Low(panel + panelBytes), TW.High(panel + panelBytes));
            var (wl2, wh2) = (TW.Low(panel + 2 * panelBytes), TW.High(panel + 2 * panelBytes));
            var (wl3, wh3) = (TW.Low(panel + 3 * panelBytes), TW.High(panel + 3 * panelBytes));
            var x0 = Vector512.Create(x[i]);
            l00 = Vector512.FusedMultiplyAdd(x0, wl0, l00); h00 = Vector512.FusedMultiplyAdd(x0, wh0, h00);
            l01 = Vector512.FusedMultiplyAdd(x0, wl1, l01); h01 = Vector512.FusedMultiplyAdd(x0, wh1, h01);
            l02 = Vector512.FusedMultiplyAdd(x0, wl2, l02); h02 = Vector512.FusedMultiplyAdd(x0, wh2, h02);
            l03 = Vector512.FusedMultiplyAdd(x0, wl3, l03); h03 = Vector512.FusedMultiplyAdd(x0, wh3, h03);
            var x1 = Vector512.Create(x[i + xStride]);
            l10 = Vector512.FusedMultiplyAdd(x1, wl0, l10); h10 = Vector512.FusedMultiplyAdd(x1, wh0, h10);
            l11 = Vector512.FusedMultiplyAdd(x1, wl1, l11); h11 = Vector512.FusedMultiplyAdd(x1, wh1, h11);
            l12 = Vector512.FusedMultiplyAdd(x1, wl2, l12); h12 = Vector512.FusedMultiplyAdd(x1, wh2, h12);
            l13 = Vector512.FusedMultiplyAdd(x1, wl3, l13); h13 = Vector512.FusedMultiplyAdd(x1, wh3, h13);
        }
        Store(y, l00, h00, accumulate);
        Store(y + 32, l01, h01, accumulate);
        Store(y + 64, l02, h02, accumulate);
        Store(y + 96, l03, h03, accumulate);
        Store(y + yStride, l10, h10, accumulate);
        Store(y + yStride + 32, l11, h11, accumulate);
        Store(y + yStride + 64, l12, h12, accumulate);
        Store(y + yStride + 96, l13, h13, accumulate);
    }

    /// <summary>1 row by 4 panels: 8 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1<TW>(float* x, int k, byte* panel, long panelBytes, float* y, bool accumulate)
        where TW : struct, IWeightLoader
    {
        Vector512<float> l00 = default, h00 = default, l01 = default, h01 = default, l02 = default, h02 = default, l03 = default, h03 = default;
        for (var i = 0; i < k; i++, panel += TW.BytesPerStep)
        {
            var (wl0, wh0) = (TW.Low(panel), TW.High(panel));
            var (wl1, wh1) = (TW.Low(panel + panelBytes), TW.High(panel + panelBytes));
            var (wl2, wh2) = (TW.Low(panel + 2 * panelBytes), TW.High(panel + 2 * panelBytes));
            var (wl3, wh3) = (TW.Low(panel + 3 * panelBytes), TW.High(panel + 3 * panelBytes));
            var x0 = Vector512.Create(x[i]);
            l00 = Vector512.FusedMultiplyAdd(x0, wl0, l00); h00 = Vector512.FusedMultiplyAdd(x0, wh0, h00);
            l01 = Vector512.FusedMultiplyAdd(x0, wl1, l01); h01 = Vector512.FusedMultiplyAdd(x0, wh1, h01);
            l02 = Vector512.FusedMultiplyAdd(x0, wl2, l02); h02 = Vector512.FusedMultiplyAdd(x0, wh2, h02);
            l03 = Vector512.FusedMultiplyAdd(x0, wl3, l03); h03 = Vector512.FusedMultiplyAdd(x0, wh3, h03);
        }
        Store(y, l00, h00, accumulate);
        Store(y + 32, l01, h01, accumulate);
        Store(y + 64, l02, h02, accumulate);
        Store(y + 96, l03, h03, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* y, Vector512<float> low, Vector512<float> high, bool accumulate)
    {
        if (accumulate)
        {
            low += Vector512.Load(y);
            high += Vector512.Load(y + 16);
        }
        low.Store(y);
        high.Store(y + 16);
    }

    /// <summary>Asks for the weights of a later step: the chain of multiply-adds leaves the core too busy to run ahead by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* step)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(step + 4096);
    }
}
