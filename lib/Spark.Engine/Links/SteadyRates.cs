using System.Diagnostics;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>
/// <c>spark-engine measure steady</c>: what a core keeps up, slice by slice, from a given moment on. Two of them started for the same moment show
/// whether two nodes take from one another, which the best of several short runs would hide.
/// </summary>
internal static unsafe class SteadyRates
{
    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    /// <param name="start">When to begin; everything is compiled and touched before.</param>
    /// <param name="span">For how long to compute, and after that for how long to read.</param>
    public static int Run(IReadOnlyList<int> cores, long bytes, DateTimeOffset start, TimeSpan span)
    {
        var unpinned = cores.Count > 0 ? Placement.Pin(cores) : null;
        using var buffer = new NativeBuffer(bytes);
        new Span<byte>(buffer.Pointer, checked((int)bytes)).Fill(1);
        Ceilings.MultiplyAddOnce();
        Ceilings.ReadOnce(buffer);

        while (DateTimeOffset.UtcNow < start)
            Thread.Sleep(PollInterval);
        var late = DateTimeOffset.UtcNow - start;
        var flops = Slices(Ceilings.MultiplyAddOnce, TimeSpan.Zero, span);
        var reads = Slices(() => Ceilings.ReadOnce(buffer), span, span);
        Console.WriteLine(JsonSerializer.Serialize(new { flop_per_s = flops, read_bytes_per_s = reads, late_ms = Math.Round(late.TotalMilliseconds, 1), pinned = cores.Count > 0 && unpinned is null }));
        return 0;

        List<double> Slices(Func<double> unit, TimeSpan from, TimeSpan length)
        {
            var rates = new List<double>();
            do   // once at least, however late it is
            {
                var (done, began) = (0.0, Stopwatch.GetTimestamp());
                while (Stopwatch.GetElapsedTime(began) < Slice)
                    done += unit();
                rates.Add(Math.Round(done / Stopwatch.GetElapsedTime(began).TotalSeconds));
            }
            while (DateTimeOffset.UtcNow < start + from + length);
            return rates;
        }
    }
}
