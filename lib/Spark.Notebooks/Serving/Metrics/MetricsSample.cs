namespace Spark.Notebooks;

/// <summary>An engine's gauges at one moment of a run.</summary>
public sealed record MetricsSample
{
    public required string Node { get; init; }

    /// <summary>Since the start of the run.</summary>
    public required TimeSpan At { get; init; }

    public required int Running { get; init; }
    public required int Waiting { get; init; }

    /// <summary>Share of KV blocks in use, 0 to 1.</summary>
    public required double KvCacheUsage { get; init; }

    /// <summary>Preemptions since the engine started.</summary>
    public required long Preemptions { get; init; }
}
