namespace Spark.Notebooks;

/// <summary>A GPU as <c>nvidia-smi</c> lists it. Its memory is null where that is the machine's own, as on a GB10, of which nvidia-smi tells none.</summary>
public sealed record Gpu(string Name, string Driver, ByteSize? MemoryTotal, ByteSize? MemoryFree)
{
    /// <summary>From a line of <c>--query-gpu=name,driver_version,memory.total,memory.free --format=csv,noheader</c>; null when it is none, such as a message of an error.</summary>
    internal static Gpu? Parse(string line) => line.Split(", ") is [.. var name, var driver, var total, var free] && name.Length > 0
        ? new(string.Join(", ", name), driver, Mebibytes(total), Mebibytes(free))
        : null;

    static ByteSize? Mebibytes(string text) => text.Split(' ') is [var number, "MiB"] && Invariant.Whole(number) is { } mebibytes ? ByteSize.FromMiB(mebibytes) : null;
}
