namespace Spark.Notebooks;

/// <summary>What a <see cref="Gateway"/> counts of one backend at one moment.</summary>
public sealed record BackendSnapshot
{
    public required string Name { get; init; }

    /// <summary><c>prefill</c>, <c>decode</c> or <c>serve</c>, as in <see cref="RoutedLeg.Role"/>.</summary>
    public required string Role { get; init; }

    public required int InFlight { get; init; }

    /// <summary>Legs that it answered in full, whatever the status below 500.</summary>
    public required long Served { get; init; }

    /// <summary>Legs that it refused, answered with 500 or above, broke off or let wait past a deadline.</summary>
    public required long Failed { get; init; }

    /// <summary>Whether it gets no requests at present.</summary>
    public required bool Ejected { get; init; }

    /// <summary>How often it has been ejected.</summary>
    public required long Ejections { get; init; }
}
