namespace Spark.Notebooks;

/// <summary>One engine: its node, the run id that it was started with and serves as a model name, and its own address.</summary>
public sealed record EngineAddress(string Node, string RunId, Uri Address)
{
    public EngineRole Role { get; init; }

    /// <summary>Cores that it is pinned to; null where it is not.</summary>
    public int? Cores { get; init; }

    /// <summary>Null for an engine on another machine.</summary>
    public int? ProcessId { get; init; }
}
