using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>Adds one vector to every row.</summary>
internal static unsafe class Bias
{
    /// <param name="stride">Floats a row, a multiple of 16; the bias has as many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, int rows, int stride, float* bias)
    {
        for (var row = 0; row < rows; row++, x += stride)
            for (var i = 0; i < stride; i += 16)
                (Vector512.Load(x + i) + Vector512.Load(bias + i)).Store(x + i);
    }
}
