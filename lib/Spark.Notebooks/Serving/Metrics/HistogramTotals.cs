namespace Spark.Notebooks;

/// <summary>Count and sum of a Prometheus histogram of durations: all that an exact mean needs.</summary>
public readonly record struct HistogramTotals(long Count, TimeSpan Sum)
{
    public TimeSpan? Mean => Count > 0 ? Sum / Count : null;

    public HistogramTotals Since(HistogramTotals earlier) => new(Count - earlier.Count, Sum - earlier.Sum);
}
