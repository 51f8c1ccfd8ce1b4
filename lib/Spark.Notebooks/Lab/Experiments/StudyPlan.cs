namespace Spark.Notebooks;

/// <summary>The grid of an <see cref="ArchitectureStudy"/>: mixes × rates × repeats.</summary>
public sealed record StudyPlan
{
    /// <summary>Names in <c>data/workloads.json</c>.</summary>
    public IReadOnlyList<string> Mixes { get; init; } = ["triage", "chat", "rag", "report"];

    /// <summary>Arrival rates, in multiples of what one node was just measured to serve of the mix.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [0.6, 1.3];

    /// <summary>The TTFT that users are promised, in multiples of the median of lone requests of their mix on the same node, so that it means the same on any machine.</summary>
    public double TtftMultiple { get; init; } = 5;

    /// <summary>The ITL that 99 % of a request's own gaps are promised to keep, likewise.</summary>
    public double ItlMultiple { get; init; } = 10;

    /// <summary>How long requests keep arriving in a run, unless <see cref="LeastRequests"/> take longer.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(0.7);

    public int LeastRequests { get; init; } = 6;

    public int Repeats { get; init; } = 3;

    /// <summary>Clients of the closed loop that finds what one node serves.</summary>
    public int Saturating { get; init; } = 6;

    /// <summary>Lone requests whose medians set the SLO.</summary>
    public int Alone { get; init; } = 5;

    /// <summary>Chooses prompts, lengths and the Poisson process, which every repeat replays.</summary>
    public int Seed { get; init; }

    internal Slo SloFrom(RepeatedRun alone) => new()
    {
        Ttft = TtftMultiple * TimeSpan.FromMilliseconds(Metric.MedianTtft.Over(alone).Median),
        Itl = ItlMultiple * TimeSpan.FromMilliseconds(Metric.MedianItl.Over(alone).Median),
    };

    internal int Requests(double requestsPerSecond) => Math.Max(LeastRequests, (int)Math.Round(requestsPerSecond * Window.TotalSeconds));
}
