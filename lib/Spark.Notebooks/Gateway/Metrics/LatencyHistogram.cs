namespace Spark.Notebooks;

/// <summary>Counts latencies by size, with the bounds of vLLM's <c>time_to_first_token_seconds</c>; observing allocates nothing and takes no lock.</summary>
internal sealed class LatencyHistogram
{
    static readonly double[] UpperBounds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560];

    // The last one is beyond every bound.
    readonly long[] counts = new long[UpperBounds.Length + 1];
    long ticks;

    public void Observe(TimeSpan latency)
    {
        var bucket = 0;
        while (bucket < UpperBounds.Length && latency.TotalSeconds > UpperBounds[bucket])
            bucket++;
        Interlocked.Increment(ref counts[bucket]);
        Interlocked.Add(ref ticks, latency.Ticks);
    }

    public void Write(ExpositionText text, string name, params ReadOnlySpan<(string, string)> labels)
    {
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += Interlocked.Read(ref counts[i]);
            text.Sample($"{name}_bucket", total, [.. labels, ("le", i < UpperBounds.Length ? FormattableString.Invariant($"{UpperBounds[i]}") : "+Inf")]);
        }

        text.Sample($"{name}_count", total, labels);
        text.Sample($"{name}_sum", new TimeSpan(Interlocked.Read(ref ticks)).TotalSeconds, labels);
    }
}
