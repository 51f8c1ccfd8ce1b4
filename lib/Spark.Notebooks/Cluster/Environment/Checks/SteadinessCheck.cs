namespace Spark.Notebooks;

/// <summary>How much a node's speed varies while nothing of the course works beside it: the noise that all later figures carry.</summary>
internal sealed class SteadinessCheck : IEnvironmentCheck
{
    const double Noisy = 0.25;

    public string Name => "steadiness (measured)";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.Alone is not { } alone)
            return Finding.NotMeasured;
        var (flop, reads) = (Spread(alone.FlopPerSecond), Spread(alone.ReadBytesPerSecond));
        var found = $"computing ± {flop / 2:0 %}, reading ± {reads / 2:0 %}";
        return Math.Max(flop, reads) <= Noisy ? Finding.Pass(found) : Finding.Warn(found, "Other programs take turns on this core: close them, or read the spread of later figures before their medians.");
    }

    /// <summary>From the 10th to the 90th percentile, as a share of the median.</summary>
    static double Spread(Distribution rates) => (rates.P90 - rates.Percentile(10)) / rates.Median;
}
