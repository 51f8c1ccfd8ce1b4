namespace Spark.Notebooks;

/// <summary>Two measured ceilings of a machine and the time they allow a step: the slower of computing and reading (Williams, Waterman, Patterson 2009).</summary>
public sealed record Roofline(double FlopPerSecond, double BytesPerSecond)
{
    /// <summary>The intensity in FLOP per byte above which computing, not reading, sets the time.</summary>
    public double Ridge => FlopPerSecond / BytesPerSecond;

    /// <summary>FLOP per second that work of this intensity can reach.</summary>
    public double Attainable(double intensity) => Math.Min(FlopPerSecond, intensity * BytesPerSecond);

    public TimeSpan ComputeTime(Work work) => TimeSpan.FromSeconds(work.Flop / FlopPerSecond);

    public TimeSpan ReadTime(Work work) => TimeSpan.FromSeconds(work.Bytes / BytesPerSecond);

    /// <summary>The least time the two ceilings allow; a measured time lies above it.</summary>
    public TimeSpan Predict(Work work) => IsComputeBound(work) ? ComputeTime(work) : ReadTime(work);

    public bool IsComputeBound(Work work) => work.Intensity >= Ridge;

    /// <summary>The shortest prompt whose prefill is compute-bound, or null when none up to <paramref name="longest"/> is.</summary>
    public int? ComputeBoundFrom(ModelShape shape, int longest = 1 << 17)
    {
        if (!IsComputeBound(shape.Prefill(longest)))
            return null;
        var (below, above) = (0, longest);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            (below, above) = IsComputeBound(shape.Prefill(middle)) ? (below, middle) : (middle, above);
        }
        return above;
    }
}
