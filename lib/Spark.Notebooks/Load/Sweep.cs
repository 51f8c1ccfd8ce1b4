namespace Spark.Notebooks;

/// <summary>One latency measured over a number of tokens, one request at a time, in shuffled order, without prefix-cache hits.</summary>
public sealed record Sweep
{
    /// <summary>What was timed: <c>TTFT</c> or <c>ITL</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>What was varied, such as <c>prompt tokens</c> or <c>context tokens</c>.</summary>
    public required string Axis { get; init; }

    public required LoadTarget Target { get; init; }

    /// <summary>Requests sent before, which are in no figure.</summary>
    public required int WarmupRequests { get; init; }

    /// <summary>By rising number of tokens.</summary>
    public required IReadOnlyList<SweepPoint> Points { get; init; }
}
