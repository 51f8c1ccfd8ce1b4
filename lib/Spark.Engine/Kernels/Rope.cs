using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>Rotary position embedding in Hugging Face's half-split layout: value i of a head turns with value i + headDim/2.</summary>
internal sealed unsafe class Rope : IDisposable
{
    readonly int half;
    readonly NativeBuffer table;   // [positions, 2, half]: cosines, then sines

    public Rope(RopeConfig config, int headDim, int positions)
    {
        half = headDim / 2;
        table = new NativeBuffer((long)positions * headDim * sizeof(float));
        var frequencies = config.InverseFrequencies(headDim);
        var row = (float*)table.Pointer;
        for (var position = 0; position < positions; position++, row += headDim)
            for (var i = 0; i < half; i++)
                (row[half + i], row[i]) = MathF.SinCos(position * frequencies[i]);
    }

    public long Bytes => table.Bytes;

    /// <summary>Turns <paramref name="heads"/> consecutive heads of one token in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rotate(float* vectors, int heads, int position)
    {
        var cosines = (float*)table.Pointer + (long)position * 2 * half;
        var sines = cosines + half;
        for (var head = 0; head < heads; head++, vectors += 2 * half)
            for (var i = 0; i < half; i += 8)
            {
                var (a, b) = (Vector256.Load(vectors + i), Vector256.Load(vectors + half + i));
                var (cos, sin) = (Vector256.Load(cosines + i), Vector256.Load(sines + i));
                (a * cos - b * sin).Store(vectors + i);
                (b * cos + a * sin).Store(vectors + half + i);
            }
    }

    public void Dispose() => table.Dispose();
}
