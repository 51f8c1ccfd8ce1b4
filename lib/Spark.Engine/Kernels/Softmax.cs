using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>Attention's weights of one row, not yet divided by their sum: its output is, once.</summary>
internal static unsafe class Softmax
{
    /// <summary>Exponentials of a row's scores less their greatest; tokens that the row may not see get weight 0, up to the tile's own length.</summary>
    /// <returns>What the row's output is to be multiplied by: one divided by the sum of its weights.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Apply(float* row, int visible, int length)
    {
        for (var t = visible; t < (length + 15 & ~15); t++)
            row[t] = float.NegativeInfinity;
        var max = Vector512.Create(float.NegativeInfinity);
        for (var t = 0; t < visible; t += 16)
            max = Vector512.MaxNative(max, Vector512.Load(row + t));
        var top = Vector512.Create(VectorMath.Max(max));
        Vector512<float> sum = default;
        for (var t = 0; t < length; t += 16)
        {
            var weight = VectorMath.Exp(Vector512.Load(row + t) - top);
            sum += weight;
            weight.Store(row + t);
        }
        return 1 / VectorMath.Sum(sum);
    }
}
