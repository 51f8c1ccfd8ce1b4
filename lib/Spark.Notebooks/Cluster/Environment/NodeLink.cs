using System.Globalization;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>Pulls from one node's memory to another's, timed one by one: what moving KV between them can take at best.</summary>
public sealed record NodeLink
{
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary><c>tcp</c>: the source sends. <c>shm</c>: its memory is read, and it does nothing.</summary>
    public required string Transport { get; init; }

    /// <summary>Times in microseconds, by message size.</summary>
    public required IReadOnlyList<(ByteSize Size, Distribution Microseconds)> Messages { get; init; }

    public required ByteSize Pulled { get; init; }

    /// <summary>What the messages were taken from, one place after the other.</summary>
    public required ByteSize Region { get; init; }

    /// <summary>The source's computing time for all that was pulled.</summary>
    public required TimeSpan SourceCpu { get; init; }
    public required bool Pinned { get; init; }

    public TimeSpan SourceCpuPerGigabyte => SourceCpu / Pulled.GB;

    /// <summary>Its medians.</summary>
    public Link Curve => Link.Measured(Transport, Messages.Select(message => new LinkPoint(message.Size, TimeSpan.FromMicroseconds(message.Microseconds.Median))));

    /// <summary>Two numbers instead of a curve: the smallest message's time, and the bandwidth that the largest reached.</summary>
    public Link LatencyAndBandwidth => Link.Of($"{Transport}, formula", Curve.Points[0].Time, Curve.PeakBytesPerSecond);

    /// <summary>From what <c>spark-engine measure link</c> and <c>measure source</c> print.</summary>
    /// <exception cref="JsonException">It is not that.</exception>
    internal static NodeLink Parse(string from, string to, string link, string source)
    {
        var (report, cpu) = (JsonSerializer.Deserialize<Report>(link, MeasureOutput.Format)!, JsonSerializer.Deserialize<SourceReport>(source, MeasureOutput.Format)!);
        return new()
        {
            From = from,
            To = to,
            Transport = report.Transport,
            Messages = [.. report.Microseconds.Select(size => (new ByteSize(long.Parse(size.Key, CultureInfo.InvariantCulture)), new Distribution(size.Value, "µs"))).OrderBy(size => size.Item1)],
            Pulled = new(report.PulledBytes),
            Region = new(report.RegionBytes),
            SourceCpu = TimeSpan.FromMilliseconds(cpu.CpuMs),
            Pinned = report.Pinned,
        };
    }

    sealed record Report(string Transport, Dictionary<string, double[]> Microseconds, long PulledBytes, long RegionBytes, bool Pinned);

    sealed record SourceReport(double CpuMs);
}
