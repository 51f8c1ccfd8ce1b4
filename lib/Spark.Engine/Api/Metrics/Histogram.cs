namespace Spark.Engine;

/// <summary>A Prometheus histogram of one label set; observing allocates nothing and takes no lock.</summary>
internal sealed class Histogram(string name, string help, double[] upperBounds)
{
    // The last one is beyond every bound.
    readonly long[] counts = new long[upperBounds.Length + 1];
    double sum;

    public void Observe(double value)
    {
        var bucket = 0;
        while (bucket < upperBounds.Length && value > upperBounds[bucket])
            bucket++;
        Interlocked.Increment(ref counts[bucket]);
        double seen;
        do
            seen = Volatile.Read(ref sum);
        while (Interlocked.CompareExchange(ref sum, seen + value, seen) != seen);
    }

    public void Write(MetricsText text, IReadOnlyDictionary<string, string> labels)
    {
        text.Family(name, "histogram", help);
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += Interlocked.Read(ref counts[i]);
            var bound = MetricsText.Number(i < upperBounds.Length ? upperBounds[i] : double.PositiveInfinity);
            text.Sample($"{name}_bucket", MetricsText.Labels([.. labels, new("le", bound)]), total);
        }
        text.Sample($"{name}_count", MetricsText.Labels(labels), total);
        text.Sample($"{name}_sum", MetricsText.Labels(labels), Volatile.Read(ref sum));
    }
}
