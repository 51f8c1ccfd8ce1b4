using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>
/// y[rows, outputs] = x[rows, inputs] · wᵀ, or += for a residual. Batch-invariant: an output is one fused multiply-add chain over k in order,
/// whatever the number of rows, the tile it falls into or the vector width.
/// </summary>
internal static unsafe class MatMul
{
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="yStride">Likewise for y; at least <see cref="PackedMatrix.Outputs"/>.</param>
    public static void Multiply(float* x, int xStride, int rows, PackedMatrix w, float* y, int yStride, bool accumulate = false)
    {
        if (w.IsBf16)
            Run<Bf16Weights>(x, xStride, rows, w, y, yStride, accumulate);
        else
            Run<Fp32Weights>(x, xStride, rows, w, y, yStride, accumulate);
    }

    static void Run<TW>(float* x, int xStride, int rows, PackedMatrix w, float* y, int yStride, bool accumulate) where TW : struct, IWeightLoader
    {
        if (Vector512.IsHardwareAccelerated)
            RunWide<TW>(x, xStride, rows, w, y, yStride, accumulate);
        else
            RunNarrow<TW>(x, xStride, rows, w, y, yStride, accumulate);
    }

    // Four panels at a time stay in cache while all rows pass them by, so a step reads every weight once whatever its batch.
    // Fewer rows take more panels at once: there are always eight or more independent chains to hide a multiply-add's latency.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunWide<TW>(float* x, int xStride, int rows, PackedMatrix w, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        var (k, step) = (w.Inputs, w.BytesPerPanel);
        for (var p = 0; p < w.Panels; p += PackedMatrix.PanelsPerGroup, y += PackedMatrix.PanelsPerGroup * PackedMatrix.PanelWidth)
        {
            var group = w.Data + p * step;
            for (var q = 0; q < PackedMatrix.PanelsPerGroup; q++)
                for (var row = 0; row + 8 <= rows; row += 8)
                    MatMulTiles.Rows8<TW>(x + row * xStride, xStride, k, group + q * step, y + q * PackedMatrix.PanelWidth + row * yStride, yStride, accumulate);
            var rest = rows & ~7;
            if ((rows & 4) != 0)
            {
                for (var q = 0; q < PackedMatrix.PanelsPerGroup; q += 2)
                    MatMulTiles.Rows4<TW>(x + rest * xStride, xStride, k, group + q * step, step, y + q * PackedMatrix.PanelWidth + rest * yStride, yStride, accumulate);
                rest += 4;
            }
            if ((rows & 2) != 0)
            {
                MatMulTiles.Rows2<TW>(x + rest * xStride, xStride, k, group, step, y + rest * yStride, yStride, accumulate);
                rest += 2;
            }
            if ((rows & 1) != 0)
                MatMulTiles.Rows1<TW>(x + rest * xStride, k, group, step, y + rest * yStride, accumulate);
        }
    }

    // The same walk with the tiles that fit fewer registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunNarrow<TW>(float* x, int xStride, int rows, PackedMatrix w, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        var (k, step, fours) = (w.Inputs, w.BytesPerPanel, rows & ~3);
        for (var p = 0; p < w.Panels; p += 2, y += 2 * PackedMatrix.PanelWidth)
        {
            var panel = w.Data + p * step;
            for (var q = 0; q < 2; q++)
                for (var row = 0; row < fours; row += 4)
                {
                    NarrowTiles.Rows4<TW, LowHalf>(x + row * xStride, xStride, k, panel + q * step, y + q * PackedMatrix.PanelWidth + row * yStride, yStride, accumulate);
                    NarrowTiles.Rows4<TW, HighHalf>(x + row * xStride, xStride, k, panel + q * step, y + q * PackedMatrix.PanelWidth + row * yStride, yStride, accumulate);
                }
            for (var row = fours; row < rows; row++)
                NarrowTiles.Rows1<TW>(x + row * xStride, k, panel, step, y + row * yStride, accumulate);
        }
    }
}
