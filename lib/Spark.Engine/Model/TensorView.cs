using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        var source = data + (long)row * columns * (type == WeightType.Float32 ? sizeof(float) : sizeof(ushort));
        if (type == WeightType.Float32)
            new ReadOnlySpan<float>(source, columns).CopyTo(destination);
        else if (type == WeightType.Float16)
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(source, columns), destination);
        else
            fixed (float* target = destination)
            {
                var i = 0;
                for (; i + 16 <= columns; i += 16)
                    Bf16Kv.Load(source + sizeof(ushort) * i).Store(target + i);
                for (; i < columns; i++)
                    target[i] = BitConverter.UInt32BitsToSingle((uint)((ushort*)source)[i] << 16);
            }
    }
}
