namespace Spark.Notebooks;

/// <summary>What a run was sent to, proven by run ids: enough to tell two measurements apart, or to say that they may be compared.</summary>
public sealed record LoadTarget
{
    /// <summary>Such as <c>single</c>.</summary>
    public required string Topology { get; init; }

    /// <summary>How requests travel: <c>direct</c>, or a gateway's name and policy.</summary>
    public required string Path { get; init; }

    /// <summary>The served model name that requests carry.</summary>
    public required string Model { get; init; }

    /// <summary>Where requests go.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The engines behind it.</summary>
    public required IReadOnlyList<EngineAddress> Engines { get; init; }
}
