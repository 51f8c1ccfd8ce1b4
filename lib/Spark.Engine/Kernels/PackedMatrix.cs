using System.Runtime.CompilerServices;

namespace Spark.Engine;

/// <summary>
/// A weight matrix [outputs, inputs] repacked once at load for both matrix-vector and matrix-matrix products:
/// panels of 32 outputs, k-major inside a panel, so that a SIMD lane is an output and every output sums over k in order.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    public const int PanelWidth = 32;
    public const int PanelsPerGroup = 4;   // the most that a tile takes at once; panels are padded to whole groups
    readonly NativeBuffer memory;

    /// <param name="parts">Matrices with the same inputs, stacked; each begins at a multiple of 32 outputs.</param>
    public PackedMatrix(int inputs, bool bf16, params ReadOnlySpan<int> parts)
    {
        Inputs = inputs;
        IsBf16 = bf16;
        foreach (var outputs in parts)
            Panels += Round(outputs) / PanelWidth;
        Panels = (Panels + PanelsPerGroup - 1) / PanelsPerGroup * PanelsPerGroup;
        BytesPerPanel = (long)inputs * (bf16 ? Bf16Weights.BytesPerStep : Fp32Weights.BytesPerStep);
        memory = new NativeBuffer(Panels * BytesPerPanel);
    }

    public int Inputs { get; }
    public int Panels { get; }
    public int Outputs => Panels * PanelWidth;   // with padding, whose weights are zero
    public bool IsBf16 { get; }
    public long BytesPerPanel { get; }
    public long Bytes => memory.Bytes;
    public byte* Data => memory.Pointer;

    /// <summary>Where the next part begins after one of this many outputs.</summary>
    public static int Round(int outputs) => (outputs + PanelWidth - 1) / PanelWidth * PanelWidth;

    /// <summary>Outputs of a matrix with one part of this many: what an activation row must hold.</summary>
    public static int Padded(int outputs) => (outputs + PanelWidth * PanelsPerGroup - 1) / (PanelWidth * PanelsPerGroup) * PanelWidth * PanelsPerGroup;

    /// <summary>Stores the weights of one output; bf16 storage keeps the upper half of each value, so only values that came from bf16 may go there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]   // at load every millisecond counts, and it is over before tiering sets in
    public void SetRow(int output, ReadOnlySpan<float> weights)
    {
        var panel = Data + output / PanelWidth * BytesPerPanel;
        var lane = output % PanelWidth;
        if (IsBf16)
        {
            var column = (ushort*)panel + 2 * (lane % 16) + lane / 16;
            for (var k = 0; k < Inputs; k++)
                column[32 * k] = (ushort)(BitConverter.SingleToUInt32Bits(weights[k]) >> 16);
        }
        else
        {
            var column = (float*)panel + lane;
            for (var k = 0; k < Inputs; k++)
                column[PanelWidth * k] = weights[k];
        }
    }

    /// <summary>Reads one output's weights back: with tied embeddings the same memory serves as the embedding table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GetRow(int output, float* weights)
    {
        var panel = Data + output / PanelWidth * BytesPerPanel;
        var lane = output % PanelWidth;
        if (IsBf16)
        {
            var column = (ushort*)panel + 2 * (lane % 16) + lane / 16;
            for (var k = 0; k < Inputs; k++)
                weights[k] = BitConverter.UInt32BitsToSingle((uint)column[32 * k] << 16);
        }
        else
        {
            var column = (float*)panel + lane;
            for (var k = 0; k < Inputs; k++)
                weights[k] = column[PanelWidth * k];
        }
    }

    public void Dispose() => memory.Dispose();
}
