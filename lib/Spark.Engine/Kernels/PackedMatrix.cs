using System.Runtime.CompilerServices;

namespace Spark.Engine;

/// <summary>
/// A weight matrix in panels of 64 outputs, [panels, inputs, 64]: a SIMD lane is an output and every output sums over k in order. One row passes through
/// a panel from front to back, as memory is read fastest, and a step of it feeds all the sums that a core keeps in flight.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    public const int PanelWidth = 64;
    const int HalfWidth = PanelWidth / 2;   // two of a half's outputs share a lane in bf16
    readonly byte* data;

    /// <param name="parts">Matrices with the same inputs, stacked; each begins at a multiple of 64 outputs.</param>
    public PackedMatrix(NativeArena memory, int inputs, bool bf16, params ReadOnlySpan<int> parts)
    {
        Inputs = inputs;
        IsBf16 = bf16;
        foreach (var outputs in parts)
            Panels += Round(outputs) / PanelWidth;
        BytesPerPanel = (long)inputs * (bf16 ? 2 * Bf16Weights.BytesPerHalf : 2 * Fp32Weights.BytesPerHalf);
        data = memory.Take(Bytes);
    }

    public int Inputs { get; }
    public int Panels { get; }
    public int Outputs => Panels * PanelWidth;   // with padding, whose weights are zero
    public bool IsBf16 { get; }
    public long BytesPerPanel { get; }
    public long Bytes => Panels * BytesPerPanel;
    public byte* Data => data;

    /// <summary>Where the next part begins after one of this many outputs, and what an activation row of as many values takes.</summary>
    public static int Round(int outputs) => (outputs + PanelWidth - 1) / PanelWidth * PanelWidth;

    /// <summary>Stores a panel; bf16 storage keeps the upper half of each value, so only values that came from bf16 may go there.</summary>
    /// <param name="first">Its first output, a multiple of 64.</param>
    /// <param name="rows">[64, inputs]: zeros where a part has no more outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]   // at load every millisecond counts, and it is over before tiering sets in
    public void SetPanel(int first, ReadOnlySpan<float> rows)
    {
        // A cache line of every row at a time: whole rows would push each other's lines of the panel out of the cache.
        const int line = 16;
        for (var start = 0; start < Inputs; start += line)
        {
            var end = Math.Min(start + line, Inputs);
            if (IsBf16)
                for (var pair = 0; pair < HalfWidth; pair++)
                {
                    var low = pair / 16 * HalfWidth + pair % 16;
                    var target = Panel(first) + sizeof(uint) * pair;
                    ReadOnlySpan<float> lower = rows.Slice(low * Inputs, Inputs), upper = rows.Slice((low + 16) * Inputs, Inputs);
                    for (var k = start; k < end; k++)
                        *(uint*)(target + sizeof(ushort) * PanelWidth * k) = BitConverter.SingleToUInt32Bits(lower[k]) >> 16 | BitConverter.SingleToUInt32Bits(upper[k]) & 0xFFFF0000;
                }
            else
                for (var row = 0; row < PanelWidth; row++)
                    for (var k = start; k < end; k++)
                        ((float*)Panel(first))[PanelWidth * k + row] = rows[row * Inputs + k];
        }
    }

    /// <summary>Reads one output's weights back: with tied embeddings the same memory serves as the embedding table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void GetRow(int output, float* weights)
    {
        if (IsBf16)
        {
            var (half, lane) = Math.DivRem(output % PanelWidth, HalfWidth);
            var column = (ushort*)Panel(output) + half * HalfWidth + 2 * (lane % 16) + lane / 16;
            for (var k = 0; k < Inputs; k++)
                weights[k] = BitConverter.UInt32BitsToSingle((uint)column[PanelWidth * k] << 16);
        }
        else
        {
            var column = (float*)Panel(output) + output % PanelWidth;
            for (var k = 0; k < Inputs; k++)
                weights[k] = column[PanelWidth * k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    byte* Panel(int output) => Data + output / PanelWidth * BytesPerPanel;
}
