namespace Spark.Notebooks;

/// <summary>What an earlier course recorded of one architecture on two DGX Sparks: a single request and a batch of eight, with what is known to be wrong with the figures.</summary>
public sealed record RecordedArchitecture
{
    public required string Name { get; init; }
    public required TimeSpan SingleRequest { get; init; }
    public required TimeSpan BatchWallTime { get; init; }
    public required int BatchTokens { get; init; }
    public required string Flaw { get; init; }

    public double OutputTokensPerSecond => BatchTokens / BatchWallTime.TotalSeconds;
}
