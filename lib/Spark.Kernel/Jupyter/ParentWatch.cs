using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spark.Kernel;

/// <summary>Notices that the front end has died without saying so.</summary>
internal static class ParentWatch
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the process that started this one, or the one that <c>JPY_PARENT_PID</c> names, has ended.</summary>
    public static Task ParentEnded()
    {
        var named = int.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), CultureInfo.InvariantCulture, out var number) ? number : 0;
        return OperatingSystem.IsWindows() ? HandleSignalled(named) : ParentGoneAsync(getppid(), named);
    }

    // An orphan is handed to another parent at once, even while its dead one waits to be reaped.
    static async Task ParentGoneAsync(int parent, int named)
    {
        using var timer = new PeriodicTimer(Interval);
        while (getppid() == parent && (named == 0 || named == parent || Processes.IsRunning(named)))
            await timer.WaitForNextTickAsync();
    }

    // On Windows the variable holds an inherited handle of the parent's.
    static Task HandleSignalled(nint parent)
    {
        if (parent == 0)
            return Task.Delay(Timeout.Infinite);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new ManualResetEvent(false) { SafeWaitHandle = new SafeWaitHandle(parent, ownsHandle: false) };
        ThreadPool.RegisterWaitForSingleObject(process, (_, _) => ended.SetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
        return ended.Task;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int getppid();
}
