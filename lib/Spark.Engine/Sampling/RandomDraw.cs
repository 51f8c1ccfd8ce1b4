namespace Spark.Engine;

/// <summary>Random numbers without state: a function of the request's seed and the output position, so that a draw is the same in any batch and after preemption.</summary>
internal static class RandomDraw
{
    /// <summary>Uniform in [0, 1).</summary>
    public static double At(long seed, int position)
    {
        var x = Mix(Mix((ulong)seed) + (ulong)position);
        return (x >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>SplitMix64's finalizer (Steele, Lea and Flood 2014).</summary>
    static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
