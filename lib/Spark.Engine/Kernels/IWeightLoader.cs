using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>How half a step of a packed panel (32 outputs at one k) becomes two vectors of 16 floats.</summary>
internal unsafe interface IWeightLoader
{
    static abstract int BytesPerHalf { get; }
    static abstract Vector512<float> Low(byte* half);    // outputs 0..15
    static abstract Vector512<float> High(byte* half);   // outputs 16..31
}

/// <summary>Outputs j and j+16 share one 32-bit lane, so that a shift and a mask widen bf16 to fp32.</summary>
internal readonly unsafe struct Bf16Weights : IWeightLoader
{
    public static int BytesPerHalf => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Low(byte* half) => (Vector512.Load((uint*)half) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> High(byte* half) => (Vector512.Load((uint*)half) & Vector512.Create(0xFFFF0000u)).AsSingle();
}

internal readonly unsafe struct Fp32Weights : IWeightLoader
{
    public static int BytesPerHalf => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Low(byte* half) => Vector512.Load((float*)half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> High(byte* half) => Vector512.Load((float*)half + 16);
}
