using System.ComponentModel;
using System.Diagnostics;

namespace Spark.Engine;

/// <summary>Pins this process to cores, so that two nodes on one machine cannot take computing time from each other.</summary>
internal static class Placement
{
    /// <summary>Null where it worked, else why not.</summary>
    public static string? Pin(IReadOnlyList<int> cores)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return "this operating system does not let a process choose its cores";
        try
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = (nint)cores.Aggregate(0L, (mask, core) => mask | 1L << core);
            return null;
        }
        catch (Win32Exception e)
        {
            return $"core {string.Join(", ", cores)} cannot be had ({e.Message}); this process may use {Environment.ProcessorCount} of them";
        }
    }
}
