using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>Pins this process, with all its threads, or one thread to cores, so that two nodes on one machine cannot take computing time from each other.</summary>
internal static partial class Placement
{
    /// <summary>Null where it worked, else why not.</summary>
    public static string? Pin(IReadOnlyList<int> cores)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return "this operating system does not let a process choose its cores";
        try
        {
            using var self = Process.GetCurrentProcess();
            var mask = Mask(cores);
            self.ProcessorAffinity = mask;
            if (OperatingSystem.IsLinux())
                PinThreads(mask);
            return null;
        }
        catch (Win32Exception e)
        {
            return CannotBeHad(cores, e.Message);
        }
    }

    /// <summary>Null where it worked, else why not. Only on Linux.</summary>
    public static string? PinThisThread(IReadOnlyList<int> cores) =>
        SetAffinity(0, sizeof(long), Mask(cores)) != 0 ? CannotBeHad(cores, Marshal.GetLastPInvokeErrorMessage()) : null;

    static nint Mask(IReadOnlyList<int> cores) => (nint)cores.Aggregate(0L, (mask, core) => mask | 1L << core);

    static string CannotBeHad(IReadOnlyList<int> cores, string why) => $"core {string.Join(", ", cores)} cannot be had ({why}); this process may use {Environment.ProcessorCount} of them";

    // Linux pins the main thread so, and with it those that it starts from then on.
    static void PinThreads(nint mask)
    {
        var seen = new HashSet<string>();
        // A thread that is not pinned yet may start another meanwhile.
        while (Directory.GetDirectories("/proc/self/task").Where(seen.Add).ToList() is { Count: > 0 } threads)
            foreach (var thread in threads)
                _ = SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), sizeof(long), mask);   // one that has ended by now needs none
    }

    // https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint maskBytes, in nint mask);
}
