namespace Spark.Notebooks;

/// <summary>Chooses the backend of a leg; asked by one thread at a time.</summary>
internal interface IRoutingPolicy
{
    string Name { get; }

    /// <summary>The index of the chosen one among candidates, of which there is at least one.</summary>
    /// <param name="inFlight">How many requests each candidate has at work, in the order of the options.</param>
    int Choose(ReadOnlySpan<int> inFlight);
}
