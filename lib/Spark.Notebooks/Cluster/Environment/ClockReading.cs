using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>How finely this machine tells time.</summary>
internal static class ClockReading
{
    const string Source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    const int Readings = 1000;

    /// <summary>The smallest step in nanoseconds, of which a TimeSpan has only hundreds, seen between readings that follow each other.</summary>
    public static double StepNanoseconds()
    {
        var smallest = long.MaxValue;
        for (var i = 0; i < Readings; i++)
        {
            var (before, after) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
            while (after == before)
                after = Stopwatch.GetTimestamp();
            smallest = Math.Min(smallest, after - before);
        }
        return 1e9 * smallest / Stopwatch.Frequency;
    }

    /// <summary>Such as <c>tsc</c>; null where the system does not tell.</summary>
    public static string? Name() => File.Exists(Source) ? File.ReadAllText(Source).Trim() : null;
}
