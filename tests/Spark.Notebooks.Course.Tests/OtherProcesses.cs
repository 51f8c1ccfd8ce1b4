using System.Diagnostics;
using System.Net.NetworkInformation;

namespace Spark.Notebooks.Course.Tests;

/// <summary>What the system says of processes and ports that others hold.</summary>
static class OtherProcesses
{
    public static bool IsRunning(int pid) => File.Exists($"/proc/{pid}/stat") && File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].TrimStart()[0] != 'Z';

    public static bool IsListening(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(end => end.Port == port);

    /// <summary>Processes that this one started and that still run.</summary>
    public static int[] ChildrenOf(int parent) => [.. Process.GetProcesses().Select(other => other.Id).Where(pid => ParentOf(pid) == parent && IsRunning(pid))];

    public static long ResidentBytes(int pid) => Process.GetProcessById(pid).WorkingSet64;

    /// <summary>The ports of 127.0.0.1 that a process listens on.</summary>
    public static int[] PortsOf(int pid)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{pid}/fd").Select(link => new FileInfo(link).LinkTarget ?? "").Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1]).ToHashSet();
        return [.. File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A" && sockets.Contains(fields[9]))
            .Select(fields => Convert.ToInt32(fields[1].Split(':')[1], 16))];
    }

    public static async Task<TimeSpan> WaitAsync(Func<bool> holds, TimeSpan deadline)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            if (holds())
                return watch.Elapsed;
            Assert.True(watch.Elapsed < deadline, $"It did not come about within {deadline.TotalSeconds:0} s.");
        }
    }

    static int ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
