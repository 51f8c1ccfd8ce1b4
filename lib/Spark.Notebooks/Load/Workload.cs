namespace Spark.Notebooks;

/// <summary>The requests of a run, fixed before it: the same workload sent to two targets is the same work.</summary>
public sealed record Workload
{
    /// <summary>How it was made, seed included, in words.</summary>
    public required string Recipe { get; init; }

    public required IReadOnlyList<PromptRequest> Requests { get; init; }
}
