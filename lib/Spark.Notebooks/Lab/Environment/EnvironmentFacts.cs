namespace Spark.Notebooks;

/// <summary>The environment report as its results file keeps it.</summary>
public sealed record EnvironmentFacts
{
    public required CheckStatus Status { get; init; }
    public required IReadOnlyList<EnvironmentFact> Rows { get; init; }
    public required IReadOnlyList<NodeCeilings> Ceilings { get; init; }
}

/// <summary>What one check found on one node.</summary>
public sealed record EnvironmentFact(string Check, string Node, CheckStatus Status, string Found, string Fix);
