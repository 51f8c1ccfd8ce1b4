using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Spark.Notebooks;

/// <summary>The machine that measured: what anyone needs to judge a figure taken on it.</summary>
public sealed record Machine
{
    public required string Cpu { get; init; }
    public required int LogicalCores { get; init; }
    public required string Os { get; init; }
    public required string Runtime { get; init; }

    /// <summary>The widest vectors that the runtime uses, in bits.</summary>
    public required int SimdBits { get; init; }

    public static Machine Here { get; } = new()
    {
        Cpu = CpuName(),
        LogicalCores = Environment.ProcessorCount,
        Os = RuntimeInformation.OSDescription,
        Runtime = RuntimeInformation.FrameworkDescription,
        SimdBits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0,
    };

    public override string ToString() => $"{Cpu}, {LogicalCores} logical cores, {SimdBits}-bit vectors, {Os}, {Runtime}";

    static string CpuName()
    {
        const string field = "model name";
        var line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? $"{RuntimeInformation.ProcessArchitecture} processor";
    }
}
