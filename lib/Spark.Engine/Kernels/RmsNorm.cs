using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>y = x / √(mean(x²) + ε) · weight, one row at a time.</summary>
internal static unsafe class RmsNorm
{
    /// <param name="size">Values a row; the padding up to <paramref name="stride"/> is zero, in weight too.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* x, int rows, int size, int stride, float* weight, float epsilon, float* y)
    {
        for (var row = 0; row < rows; row++, x += stride, y += stride)
        {
            Vector512<float> sum = default;
            for (var i = 0; i < stride; i += 16)
            {
                var v = Vector512.Load(x + i);
                sum = Vector512.FusedMultiplyAdd(v, v, sum);
            }
            var scale = Vector512.Create(1 / MathF.Sqrt(VectorMath.Sum(sum) / size + epsilon));
            for (var i = 0; i < stride; i += 16)
                (Vector512.Load(x + i) * scale * Vector512.Load(weight + i)).Store(y + i);
        }
    }
}
