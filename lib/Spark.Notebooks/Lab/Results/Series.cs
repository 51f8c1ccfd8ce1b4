namespace Spark.Notebooks;

/// <summary>One measured figure over one varied quantity, with every repeat: what results files keep and later modules compare with.</summary>
public sealed record Series
{
    public required string Name { get; init; }

    /// <summary>What was varied, with its unit, such as <c>prompt tokens</c>.</summary>
    public required string X { get; init; }

    /// <summary>The unit of the values.</summary>
    public required string Unit { get; init; }

    public required string Provenance { get; init; }
    public required IReadOnlyList<SeriesPoint> Points { get; init; }

    /// <exception cref="KeyNotFoundException">Nothing was measured there; the message lists where.</exception>
    public SeriesPoint At(double x) => Points.FirstOrDefault(point => point.X == x)
        ?? throw new KeyNotFoundException($"\"{Name}\" was measured at {X} {string.Join(", ", Points.Select(point => point.X))}, not at {x}.");
}
