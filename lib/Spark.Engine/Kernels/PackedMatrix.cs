using System.Runtime.CompilerServices;

namespace Spark.Engine;

/// <summary>
/// A weight matrix in panels of 64 outputs, [panels, inputs, 64]: a SIMD lane is an output and every output sums over k in order. One row passes through
/// a panel from front to back, as memory is read fastest, and a step of it feeds all the sums that a core keeps in flight.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    public const int PanelWidth = 64;
    const int HalfWidth = PanelWidth / 2;   // two of a half's outputs share a lane in bf16
    readonly NativeBuffer memory;

    /// <param name="parts">Matrices with the same inputs, stacked; each begins at a multiple of 64 outputs.</param>
    public PackedMatrix(int inputs, bool bf16, params ReadOnlySpan<int> parts)
    {
        Inputs = inputs;
        IsBf16 = bf16;
        foreach (var outputs in parts)
            Panels += Round(outputs) / PanelWidth;
        BytesPerPanel = (long)inputs * (bf16 ? 2 * Bf16Weights.BytesPerHalf : 2 * Fp32Weights.BytesPerHalf);
        memory = new NativeBuffer(Panels * BytesPerPanel);
    }

    public int Inputs { get; }
    public int Panels { get; }
    public int Outputs => Panels * PanelWidth;   // with padding, whose weights are zero
    public bool IsBf16 { get; }
    public long BytesPerPanel { get; }
    public long Bytes => memory.Bytes;
    public byte* Data => memory.Pointer;

    /// <summary>Where the next part begins after one of this many outputs, and what an activation row of as many values takes.</summary>
    public static int Round(int outputs) => (outputs + PanelWidth - 1) / PanelWidth * PanelWidth;

    /// <summary>Stores the weights of one output; bf16 storage keeps the upper half of each value, so only values that came from bf16 may go there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]   // at load every millisecond counts, and it is over before tiering sets in
    public void SetRow(int output, ReadOnlySpan<float> weights)
    {
        if (IsBf16)
        {
            var column = Bf16Column(output);
            for (var k = 0; k < Inputs; k++)
                column[PanelWidth * k] = (ushort)(BitConverter.SingleToUInt32Bits(weights[k]) >> 16);
        }
        else
        {
            var column = Fp32Column(output);
            for (var k = 0; k < Inputs; k++)
                column[PanelWidth * k] = weights[k];
        }
    }

    /// <summary>Reads one output's weights back: with tied embeddings the same memory serves as the embedding table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GetRow(int output, float* weights)
    {
        if (IsBf16)
        {
            var column = Bf16Column(output);
            for (var k = 0; k < Inputs; k++)
                weights[k] = BitConverter.UInt32BitsToSingle((uint)column[PanelWidth * k] << 16);
        }
        else
        {
            var column = Fp32Column(output);
            for (var k = 0; k < Inputs; k++)
                weights[k] = column[PanelWidth * k];
        }
    }

    ushort* Bf16Column(int output)
    {
        var (half, lane) = Math.DivRem(output % PanelWidth, HalfWidth);
        return (ushort*)Panel(output) + half * HalfWidth + 2 * (lane % 16) + lane / 16;
    }

    float* Fp32Column(int output) => (float*)Panel(output) + output % PanelWidth;

    byte* Panel(int output) => Data + output / PanelWidth * BytesPerPanel;

    public void Dispose() => memory.Dispose();
}
