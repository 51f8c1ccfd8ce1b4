namespace Spark.Notebooks;

/// <summary>Each in turn, however busy.</summary>
internal sealed class RoundRobin : IRoutingPolicy
{
    uint turn;

    public string Name => "round-robin";

    public int Choose(ReadOnlySpan<int> inFlight) => (int)(turn++ % (uint)inFlight.Length);
}
