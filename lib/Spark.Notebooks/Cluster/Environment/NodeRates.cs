using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>What a node kept up over a while, slice by slice: multiply-adds, then reads.</summary>
public sealed record NodeRates(string Node, Distribution FlopPerSecond, Distribution ReadBytesPerSecond, bool Pinned)
{
    const double Noisy = 0.25;

    /// <summary>From the 10th to the 90th percentile of the slices, as a share of their median.</summary>
    public double FlopSpread => Spread(FlopPerSecond);
    public double ReadSpread => Spread(ReadBytesPerSecond);

    /// <summary>Whether its speed hardly varied.</summary>
    public bool IsSteady => Math.Max(FlopSpread, ReadSpread) <= Noisy;

    /// <summary>How late it began, against the moment that it was told; more than some milliseconds, and it did not overlap with the others.</summary>
    internal TimeSpan Late { get; init; }

    /// <summary>Reads what <c>spark-engine measure steady</c> prints.</summary>
    /// <exception cref="JsonException">It is not that.</exception>
    internal static NodeRates Parse(string node, string json)
    {
        var report = JsonSerializer.Deserialize<Report>(json, MeasureOutput.Format)!;
        return new(node, new(report.FlopPerS, "FLOP/s"), new(report.ReadBytesPerS, "B/s"), report.Pinned) { Late = TimeSpan.FromMilliseconds(report.LateMs) };
    }

    static double Spread(Distribution rates) => (rates.P90 - rates.Percentile(10)) / rates.Median;

    sealed record Report(double[] FlopPerS, double[] ReadBytesPerS, double LateMs, bool Pinned);
}
