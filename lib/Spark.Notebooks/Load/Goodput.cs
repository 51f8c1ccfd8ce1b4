namespace Spark.Notebooks;

/// <summary>
/// How much of a run's work kept an SLO. <c>vllm bench serve</c>'s request goodput divides by the time until the last answer; here an open loop's does by the time in which its
/// requests were due, so that of two services that keep every promise neither is better because its last answer took less long.
/// </summary>
public sealed record Goodput
{
    public required Slo Slo { get; init; }

    public required int Good { get; init; }

    public required int Requests { get; init; }

    /// <summary>What the rate is taken over.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many requests broke each bound; one request may break several.</summary>
    public required IReadOnlyDictionary<string, int> Broken { get; init; }

    /// <summary>0 to 1.</summary>
    public double Share => Good / (double)Requests;

    public double RequestsPerSecond => Good / Duration.TotalSeconds;

    internal static Goodput Of(IReadOnlyList<RequestTimeline> requests, TimeSpan duration, Slo slo)
    {
        var broken = requests.Select(request => slo.BrokenBy(request).ToArray()).ToArray();
        return new()
        {
            Slo = slo,
            Good = broken.Count(bounds => bounds.Length == 0),
            Requests = requests.Count,
            Duration = duration,
            Broken = broken.SelectMany(bounds => bounds).CountBy(bound => bound).ToDictionary(),
        };
    }

    public override string ToString() => FormattableString.Invariant($"{Good} of {Requests} requests good ({Share:0 %}), {RequestsPerSecond:0.##} a second, with {Slo}");
}
