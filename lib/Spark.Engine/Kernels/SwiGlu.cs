using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>y = silu(gate) · up, with silu(g) = g / (1 + e⁻ᵍ).</summary>
internal static unsafe class SwiGlu
{
    /// <param name="gateUp">[rows, stride]: a row holds <paramref name="width"/> gate values, then as many up values.</param>
    /// <param name="width">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* gateUp, int rows, int width, int stride, float* y)
    {
        for (var row = 0; row < rows; row++, gateUp += stride, y += width)
            for (var i = 0; i < width; i += 16)
            {
                var gate = Vector512.Load(gateUp + i);
                var silu = gate / (Vector512<float>.One + VectorMath.Exp(-gate));
                (silu * Vector512.Load(gateUp + width + i)).Store(y + i);
            }
    }
}
