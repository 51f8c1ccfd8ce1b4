using System.Globalization;
using System.Runtime.InteropServices;

namespace Spark.Kernel;

/// <summary>When, where and for how long a notebook ran.</summary>
internal sealed record RunFacts(DateTimeOffset Started, TimeSpan Elapsed, string Machine, string Runtime)
{
    public static RunFacts Of(DateTimeOffset started, TimeSpan elapsed) =>
        new(started, elapsed, DescribeMachine(), RuntimeInformation.FrameworkDescription);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Executed {Started:yyyy-MM-dd HH:mm zzz} in {Elapsed.TotalSeconds:0.0} s on {Machine}, {Runtime}");

    static string DescribeMachine()
    {
        var cores = Environment.ProcessorCount == 1 ? "1 core" : $"{Environment.ProcessorCount} cores";
        return $"{ProcessorName() ?? RuntimeInformation.ProcessArchitecture.ToString()} ({cores}), {RuntimeInformation.OSDescription}";
    }

    // Linux names it here, Windows in the environment; elsewhere the architecture must do.
    static string? ProcessorName() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
}
