namespace Spark.Notebooks;

/// <summary>The load beyond which latency is paid for little more throughput: where throughput ÷ latency, Kleinrock's power, is highest.</summary>
public sealed record Knee(double Load, bool IsInside)
{
    public const string Rule = "throughput ÷ latency is highest (Kleinrock's power)";

    /// <summary>The lightest load of the highest power; not inside when it is the lightest or the heaviest one tried.</summary>
    /// <exception cref="ArgumentException">There are no points.</exception>
    public static Knee Of(IEnumerable<(double Load, double Throughput, double Latency)> points)
    {
        (double Load, double Throughput, double Latency)[] all = [.. points.OrderBy(point => point.Load)];
        if (all.Length == 0)
            throw new ArgumentException("A knee needs at least one measured load.", nameof(points));
        var best = all.MaxBy(point => point.Throughput / point.Latency);
        return new(best.Load, best.Load > all[0].Load && best.Load < all[^1].Load);
    }

    /// <summary>Of runs at several concurrencies, by output tokens a second and median end-to-end latency.</summary>
    public static Knee Of(IEnumerable<RepeatedRun> runs) => Of(runs.Select(repeated => (
        (double)repeated.Runs[0].Concurrency,
        repeated.OutputTokensPerSecond.Median,
        repeated.Of(run => run.E2el.Median, "ms").Median)));
}
