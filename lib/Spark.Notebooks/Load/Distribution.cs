using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Values in one unit and their statistics; percentiles by linear interpolation and the population's standard deviation, as numpy's defaults are.</summary>
public sealed class Distribution
{
    readonly double[] sorted;

    public Distribution(IEnumerable<double> values, string unit)
    {
        Values = [.. values];
        Unit = unit;
        sorted = [.. Values.Order()];
    }

    /// <summary>In the order in which they were measured.</summary>
    public IReadOnlyList<double> Values { get; }

    public string Unit { get; }

    public int Count => sorted.Length;
    public double Mean => NotEmpty.Average();
    public double Median => Percentile(50);
    public double P90 => Percentile(90);
    public double P95 => Percentile(95);
    public double P99 => Percentile(99);

    /// <summary>
    /// Holds the median of what was sampled with a probability of about 95 %, whatever its distribution: the values of ranks n/2 ± 0.98·√n, since the number of values below the median is
    /// binomial, here by its normal approximation. Of fewer than six values it is their range, which holds the median less often.
    /// </summary>
    public (double From, double To) MedianInterval
    {
        get
        {
            var below = Math.Max(0, (int)((NotEmpty.Length / 2.0) - (1.96 / 2 * Math.Sqrt(NotEmpty.Length))) - 1);
            return (sorted[below], sorted[^(below + 1)]);
        }
    }

    public double Min => NotEmpty[0];
    public double Max => NotEmpty[^1];
    public double Std => Math.Sqrt(NotEmpty.Average(value => (value - Mean) * (value - Mean)));

    public static Distribution OfMilliseconds(IEnumerable<TimeSpan> times) => new(times.Select(time => time.TotalMilliseconds), "ms");

    /// <summary>The value below which <paramref name="percent"/> (0 to 100) of the values lie.</summary>
    public double Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        var rank = percent / 100 * (NotEmpty.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }

    public override string ToString() => Count == 0
        ? $"no values ({Unit})"
        : string.Create(CultureInfo.InvariantCulture, $"median {Median:0.###} {Unit}, p99 {P99:0.###}, {Min:0.###} to {Max:0.###}, n = {Count}");

    double[] NotEmpty =>
        sorted.Length > 0 ? sorted : throw new InvalidOperationException("Nothing was measured, so there are no statistics.");
}
