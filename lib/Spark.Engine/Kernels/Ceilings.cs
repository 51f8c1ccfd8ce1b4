using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>The two ceilings of the core that this thread runs on: multiply-adds a second, and bytes read a second from a buffer of a given size.</summary>
public static unsafe class Ceilings
{
    const int Rounds = 200_000;
    static readonly double FlopPerRun = Rounds * 12.0 * (Vector512.IsHardwareAccelerated ? 16 : 8) * 2;

    /// <summary>fp32 FLOP/s of fused multiply-adds on registers alone (a multiply-add counts 2): the best of several short runs, so that a passing neighbour does not count.</summary>
    public static double FlopsPerSecond() => Best(() => MultiplyAdd(Rounds), FlopPerRun);

    /// <summary>Bytes a second read from a buffer of this size, over and over.</summary>
    public static double BytesPerSecond(long bufferBytes)
    {
        using var buffer = new NativeBuffer(bufferBytes);
        new Span<byte>(buffer.Pointer, checked((int)bufferBytes)).Fill(1);
        var repeats = Math.Max(1, (int)(100_000_000 / bufferBytes));
        return Best(() => Enumerable.Range(0, repeats).Sum(_ => Read(buffer.Pointer, bufferBytes) & 1), (double)bufferBytes * repeats);
    }

    /// <summary>One short run of multiply-adds; returns its FLOP.</summary>
    internal static double MultiplyAddOnce() => MultiplyAdd(Rounds) >= 0 ? FlopPerRun : 0;

    /// <summary>Reads a buffer once; returns its bytes.</summary>
    internal static double ReadOnce(NativeBuffer buffer)
    {
        Read(buffer.Pointer, buffer.Bytes);
        return buffer.Bytes;
    }

    static double Best(Func<float> work, double amount)
    {
        work();   // compiles, and brings the clock up
        var best = double.MaxValue;
        for (var i = 0; i < 7; i++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return amount / best;
    }

    // Twelve independent chains: more than latency times ports asks for, and few enough for every chain to keep its register.
    static float MultiplyAdd(int rounds) => Vector512.IsHardwareAccelerated ? MultiplyAdd512(rounds) : MultiplyAdd256(rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float MultiplyAdd512(int rounds)
    {
        Vector512<float> a = Vector512.Create(0.5f), b = Vector512.Create(0.25f);
        Vector512<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (var i = 0; i < rounds; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(a, c0, b);
            c1 = Vector512.FusedMultiplyAdd(a, c1, b);
            c2 = Vector512.FusedMultiplyAdd(a, c2, b);
            c3 = Vector512.FusedMultiplyAdd(a, c3, b);
            c4 = Vector512.FusedMultiplyAdd(a, c4, b);
            c5 = Vector512.FusedMultiplyAdd(a, c5, b);
            c6 = Vector512.FusedMultiplyAdd(a, c6, b);
            c7 = Vector512.FusedMultiplyAdd(a, c7, b);
            c8 = Vector512.FusedMultiplyAdd(a, c8, b);
            c9 = Vector512.FusedMultiplyAdd(a, c9, b);
            c10 = Vector512.FusedMultiplyAdd(a, c10, b);
            c11 = Vector512.FusedMultiplyAdd(a, c11, b);
        }
        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + (c6 + c7 + c8 + c9 + c10 + c11));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float MultiplyAdd256(int rounds)
    {
        Vector256<float> a = Vector256.Create(0.5f), b = Vector256.Create(0.25f);
        Vector256<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (var i = 0; i < rounds; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(a, c0, b);
            c1 = Vector256.FusedMultiplyAdd(a, c1, b);
            c2 = Vector256.FusedMultiplyAdd(a, c2, b);
            c3 = Vector256.FusedMultiplyAdd(a, c3, b);
            c4 = Vector256.FusedMultiplyAdd(a, c4, b);
            c5 = Vector256.FusedMultiplyAdd(a, c5, b);
            c6 = Vector256.FusedMultiplyAdd(a, c6, b);
            c7 = Vector256.FusedMultiplyAdd(a, c7, b);
            c8 = Vector256.FusedMultiplyAdd(a, c8, b);
            c9 = Vector256.FusedMultiplyAdd(a, c9, b);
            c10 = Vector256.FusedMultiplyAdd(a, c10, b);
            c11 = Vector256.FusedMultiplyAdd(a, c11, b);
        }
        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + (c6 + c7 + c8 + c9 + c10 + c11));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Read(byte* data, long bytes)
    {
        Vector512<int> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (long i = 0; i + 512 <= bytes; i += 512)
        {
            s0 += Vector512.Load((int*)(data + i));
            s1 += Vector512.Load((int*)(data + i + 64));
            s2 += Vector512.Load((int*)(data + i + 128));
            s3 += Vector512.Load((int*)(data + i + 192));
            s4 += Vector512.Load((int*)(data + i + 256));
            s5 += Vector512.Load((int*)(data + i + 320));
            s6 += Vector512.Load((int*)(data + i + 384));
            s7 += Vector512.Load((int*)(data + i + 448));
        }
        return Vector512.Sum(s0 + s1 + s2 + s3 + (s4 + s5 + s6 + s7));
    }
}
