using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Spark.Engine;

/// <summary><c>spark-engine measure</c>: the ceilings of a core as one JSON object on standard output.</summary>
internal static class MeasureCommand
{
    public static int Run(IReadOnlyList<int> cores, IReadOnlyList<long> bufferBytes)
    {
        var unpinned = cores.Count > 0 ? Placement.Pin(cores) : null;
        var result = new
        {
            fma_gflops = Math.Round(Ceilings.FlopsPerSecond() / 1e9, 1),
            read_gbytes_per_s = bufferBytes.ToDictionary(b => b.ToString(CultureInfo.InvariantCulture), b => Math.Round(Ceilings.BytesPerSecond(b) / 1e9, 1)),
            simd = Vector512.IsHardwareAccelerated ? "512 bit" : Vector256.IsHardwareAccelerated ? "256 bit" : Vector128.IsHardwareAccelerated ? "128 bit" : "scalar",
            architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            runtime = RuntimeInformation.FrameworkDescription,
            cores,
            pinned = cores.Count > 0 && unpinned is null,
        };
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }
}
