using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Spark.Engine;

/// <summary>How the attention kernel reads and writes 16 cached values.</summary>
internal unsafe interface IKvElement
{
    static abstract int Bytes { get; }
    static abstract Vector512<float> Load(byte* values);
    static abstract void Store(byte* value, float x);
}

internal readonly unsafe struct Bf16Kv : IKvElement
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* values) =>
        (Vector512.WidenLower(Vector256.Load((ushort*)values).ToVector512Unsafe()) << 16).AsSingle();

    // Round to nearest, ties to even, as a bf16 store in hardware.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* value, float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        *(ushort*)value = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

internal readonly unsafe struct Fp32Kv : IKvElement
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(byte* values) => Vector512.Load((float*)values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* value, float x) => *(float*)value = x;
}
