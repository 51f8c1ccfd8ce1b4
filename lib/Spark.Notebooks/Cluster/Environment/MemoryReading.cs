using System.Globalization;

namespace Spark.Notebooks;

/// <summary>A machine's, or its container's, memory.</summary>
internal sealed record MemoryReading(ByteSize Total, ByteSize Free)
{
    const string MemInfo = "/proc/meminfo";

    public static MemoryReading Here()
    {
        var info = GC.GetGCMemoryInfo();
        var total = new ByteSize(info.TotalAvailableMemoryBytes);
        var free = File.Exists(MemInfo) ? Available(File.ReadLines(MemInfo)) : total - new ByteSize(info.MemoryLoadBytes);
        return new(total, free < total ? free : total);
    }

    /// <summary>What the kernel believes can be had without swapping.</summary>
    internal static ByteSize Available(IEnumerable<string> lines)
    {
        var line = lines.First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return new(1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
    }
}
