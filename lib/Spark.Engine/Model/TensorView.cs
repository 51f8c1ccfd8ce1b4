using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>A tensor where it lies in a memory-mapped checkpoint: row-major, read-only, valid while its <see cref="Checkpoint"/> is open.</summary>
internal readonly unsafe struct TensorView(WeightType type, int rows, int columns, byte* data)
{
    public WeightType Type => type;
    public int Rows => rows;       // 1 for a vector
    public int Columns => columns;

    /// <summary>Widens one row to fp32, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRow(int row, Span<float> destination)
    {
        var bytes = new ReadOnlySpan<byte>(data + (long)row * columns * (type == WeightType.Float32 ? 4 : 2), columns * (type == WeightType.Float32 ? 4 : 2));
        if (type == WeightType.Float32)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }
        var values = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (var i = 0; i < values.Length; i++)
            destination[i] = type == WeightType.BFloat16
                ? BitConverter.UInt32BitsToSingle((uint)values[i] << 16)
                : (float)BitConverter.UInt16BitsToHalf(values[i]);
    }
}
