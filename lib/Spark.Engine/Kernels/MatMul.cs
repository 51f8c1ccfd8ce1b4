using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>
/// y[rows, outputs] = x[rows, inputs] · wᵀ, or += for a residual. Batch-invariant: an output is one fused multiply-add chain over k in order,
/// whatever the number of rows, the tile it falls into or the vector width.
/// </summary>
internal static unsafe class MatMul
{
    const int LineBytes = 64;
    const int LoneTileAhead = 4096;

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

    // A panel stays in cache while all rows pass it by, so a step reads every weight once whatever its batch.
    // Four rows keep the core too busy to run ahead in memory by itself: while they are at a panel, each tile of the first few asks for its share of the next one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunWide<TW>(float* x, int xStride, int rows, PackedMatrix w, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        var (k, fours, shares) = (w.Inputs, rows & ~3, 2 * TW.BytesPerHalf / LineBytes);
        var panel = w.Data;
        for (var p = 0; p < w.Panels; p++, panel += w.BytesPerPanel, y += PackedMatrix.PanelWidth)
        {
            if (fours == 4)
                MatMulTiles.Rows4<TW>(x, xStride, k, panel, panel + LoneTileAhead, 2 * TW.BytesPerHalf, y, yStride, accumulate);
            else
                for (var row = 0; row < fours; row += 4)
                    MatMulTiles.Rows4<TW>(x + row * xStride, xStride, k, panel, Share(panel + w.BytesPerPanel, k, row / 4, shares), LineBytes, y + row * yStride, yStride, accumulate);
            var rest = fours;
            if ((rows & 2) != 0)
            {
                MatMulTiles.Rows2<TW>(x + rest * xStride, xStride, k, panel, y + rest * yStride, yStride, accumulate);
                rest += 2;
            }
            if ((rows & 1) != 0)
                MatMulTiles.Rows1<TW>(x + rest * xStride, k, panel, y + rest * yStride, accumulate);
        }
    }

    // The same walk with the tiles that fit fewer registers; a pass over a panel takes a quarter of its outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void RunNarrow<TW>(float* x, int xStride, int rows, PackedMatrix w, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader
    {
        var panel = w.Data;
        for (var p = 0; p < w.Panels; p++, panel += w.BytesPerPanel, y += PackedMatrix.PanelWidth)
        {
            var row = 0;
            for (var pass = 0; rows - row >= 4; pass += 4)
                row += rows - row is >= 6 and not 8
                    ? Quarters<TW, SixRows>(x + row * xStride, xStride, w, panel, pass, y + row * yStride, yStride, accumulate)
                    : Quarters<TW, FourRows>(x + row * xStride, xStride, w, panel, pass, y + row * yStride, yStride, accumulate);
            for (; row < rows; row++)
                NarrowTiles.Rows1<TW>(x + row * xStride, w.Inputs, panel, y + row * yStride, accumulate);
        }
    }

    /// <summary>A tile's four passes over a panel.</summary>
    /// <param name="pass">Passes over the panel so far.</param>
    /// <returns>Rows of the tile.</returns>
    static int Quarters<TW, TRows>(float* x, int xStride, PackedMatrix w, byte* panel, int pass, float* y, int yStride, bool accumulate)
        where TW : struct, IWeightLoader where TRows : struct, ITileRows
    {
        var (k, shares) = (w.Inputs, 2 * TW.BytesPerHalf / LineBytes);
        var next = panel + w.BytesPerPanel;
        for (var half = 0; half < 2; half++, panel += TW.BytesPerHalf, y += PackedMatrix.PanelWidth / 2)
        {
            NarrowTiles.Rows<TW, LowQuarter, TRows>(x, xStride, k, panel, Share(next, k, pass++, shares), y, yStride, accumulate);
            NarrowTiles.Rows<TW, HighQuarter, TRows>(x, xStride, k, panel, Share(next, k, pass++, shares), y, yStride, accumulate);
        }
        return TRows.Count;
    }

    /// <summary>What a pass over a panel asks for of the next one: one line for each of its steps, the last share again once all are asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte* Share(byte* next, int k, int pass, int shares) => next + (long)Math.Min(pass, shares - 1) * k * LineBytes;
}
