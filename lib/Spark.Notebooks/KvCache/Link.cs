namespace Spark.Notebooks;

/// <summary>
/// How long bytes take from one machine, or memory, to another: measured times by message size with straight lines between them, or a latency and a bandwidth.
/// A message smaller than any measured lies on the line from the latency; a larger one keeps the largest one's bandwidth.
/// </summary>
public sealed record Link
{
    Link(string name, TimeSpan latency, IReadOnlyList<LinkPoint> points) => (Name, Latency, Points) = (name, latency, points);

    public string Name { get; init; }

    /// <summary>The time of a message of no length.</summary>
    public TimeSpan Latency { get; }

    /// <summary>By rising size; one at least.</summary>
    public IReadOnlyList<LinkPoint> Points { get; }

    /// <summary>Whether this is somebody's assumption rather than a measurement.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>What the largest message reached.</summary>
    public double PeakBytesPerSecond => Points[^1].BytesPerSecond;

    public static Link Of(string name, TimeSpan latency, double bytesPerSecond)
    {
        const long anySize = 1 << 30;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        return new(name, latency, [new(new(anySize), latency + TimeSpan.FromSeconds(anySize / bytesPerSecond))]) { Asymptote = bytesPerSecond };
    }

    /// <param name="latency">Null: what the two smallest messages leave when their line is drawn back to no length, but not below zero.</param>
    /// <exception cref="ArgumentException">There are no points.</exception>
    public static Link Measured(string name, IEnumerable<LinkPoint> points, TimeSpan? latency = null)
    {
        LinkPoint[] all = [.. points.OrderBy(point => point.Size)];
        if (all.Length == 0)
            throw new ArgumentException($"Nothing was measured of {name}.", nameof(points));
        return new(name, latency ?? Intercept(all), all);
    }

    /// <summary>The time of one message.</summary>
    public TimeSpan Transfer(ByteSize size)
    {
        if (size > Points[^1].Size)
            return Asymptote is { } rate ? Latency + TimeSpan.FromSeconds(size.Bytes / rate) : size.Bytes / (double)Points[^1].Size.Bytes * Points[^1].Time;
        var after = Points.First(point => point.Size >= size);
        var before = Points.LastOrDefault(point => point.Size < size) ?? new(default, Latency);
        return before.Time + ((double)(size - before.Size).Bytes / (after.Size - before.Size).Bytes * (after.Time - before.Time));
    }

    /// <summary>The time of as many messages as pieces of this size make up the whole, one after another.</summary>
    public TimeSpan Transfer(ByteSize size, ByteSize piece) => size.Bytes / (double)piece.Bytes * Transfer(piece);

    public double BytesPerSecond(ByteSize size) => size.Bytes / Transfer(size).TotalSeconds;

    double? Asymptote { get; init; }

    static TimeSpan Intercept(LinkPoint[] points)
    {
        if (points.Length == 1)
            return TimeSpan.Zero;
        var perByte = (points[1].Time - points[0].Time) / (points[1].Size - points[0].Size).Bytes;
        var intercept = points[0].Time - (points[0].Size.Bytes * perByte);
        return intercept > TimeSpan.Zero ? intercept : TimeSpan.Zero;
    }
}
