namespace Spark.Notebooks;

/// <summary>One guess and, once it was measured, what came of it.</summary>
public sealed record LedgerRow
{
    public required string Lesson { get; init; }
    public required string What { get; init; }
    public required string Unit { get; init; }
    public required double Guess { get; init; }
    public double? Measured { get; init; }
    public DateTimeOffset? At { get; init; }
}
