using System.Diagnostics;
using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Reads how much processor time was used up to a moment; two readings give a <see cref="CpuUse"/>.</summary>
internal sealed record CpuClock(long At, IReadOnlyDictionary<string, TimeSpan> Engines, IReadOnlyDictionary<string, TimeSpan> Computing, TimeSpan Notebook, TimeSpan? Machine)
{
    // /proc counts in ticks, which Linux has long fixed at a hundredth of a second for user space.
    public const double TicksPerSecond = 100;

    // An engine that is reached over SSH may run on this very machine, where nobody else could be told from it.
    public static CpuClock Read(IReadOnlyCollection<EngineAddress> engines) => new(
        Stopwatch.GetTimestamp(),
        ByNode(engines, UsedBy),
        ByNode(engines, ComputingThread.TimeOf),
        Environment.CpuUsage.TotalTime,
        engines.Any(engine => engine.ProcessId is null) ? null : MachineBusy());

    public CpuUse Since(CpuClock earlier)
    {
        var engines = Less(Engines, earlier.Engines);
        var notebook = Notebook - earlier.Notebook;
        var others = Machine - earlier.Machine - notebook - engines.Values.Aggregate(TimeSpan.Zero, (sum, used) => sum + used);
        return new()
        {
            Duration = Stopwatch.GetElapsedTime(earlier.At, At),
            Cores = Environment.ProcessorCount,
            Engines = engines,
            Computing = Less(Computing, earlier.Computing),
            Notebook = notebook,
            Others = others < TimeSpan.Zero ? TimeSpan.Zero : others,
        };
    }

    static Dictionary<string, TimeSpan> ByNode(IEnumerable<EngineAddress> engines, Func<int, TimeSpan?> read) => engines
        .Select(engine => (engine.Node, Used: engine.ProcessId is { } id ? read(id) : null)).Where(engine => engine.Used is not null).ToDictionary(engine => engine.Node, engine => engine.Used!.Value);

    static Dictionary<string, TimeSpan> Less(IReadOnlyDictionary<string, TimeSpan> used, IReadOnlyDictionary<string, TimeSpan> earlier) =>
        used.Where(engine => earlier.ContainsKey(engine.Key)).ToDictionary(engine => engine.Key, engine => engine.Value - earlier[engine.Key]);

    static TimeSpan? UsedBy(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // cpu user nice system idle iowait irq softirq steal …
    static TimeSpan? MachineBusy()
    {
        if (!File.Exists("/proc/stat"))
            return null;
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return TimeSpan.FromSeconds((ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond);
    }
}
