using System.Globalization;

namespace Spark.Notebooks;

/// <summary>The thread of a spark-engine that computes, where it has cores of its own and the rest of the process has others.</summary>
internal static class ComputingThread
{
    const string Name = "engine";

    /// <summary>Processor time that it took so far; null where its process shares its cores, or the system does not tell (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).</summary>
    public static TimeSpan? TimeOf(int processId)
    {
        var tasks = $"/proc/{processId}/task";
        try
        {
            return Directory.Exists(tasks)
                && Directory.GetDirectories(tasks).FirstOrDefault(task => File.ReadAllText($"{task}/comm").Trim() == Name) is { } thread
                && Cores(thread) != Cores($"{tasks}/{processId}") ? Used(File.ReadAllText($"{thread}/stat")) : null;
        }
        catch (IOException)
        {
            // A thread has ended meanwhile, or the whole process.
            return null;
        }
    }

    static string? Cores(string task) => File.ReadLines($"{task}/status").FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));

    // pid (name) state ppid … utime stime, which are the 12th and 13th behind the name.
    static TimeSpan Used(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields.Skip(11).Take(2).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / CpuClock.TicksPerSecond);
    }
}
