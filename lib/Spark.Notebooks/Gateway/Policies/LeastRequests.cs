namespace Spark.Notebooks;

/// <summary>The one with the fewest requests at work; those that have equally few take turns.</summary>
internal sealed class LeastRequests : IRoutingPolicy
{
    int last = -1;

    public string Name => "least-requests";

    public int Choose(ReadOnlySpan<int> inFlight)
    {
        var best = (last + 1) % inFlight.Length;
        for (var step = 1; step < inFlight.Length; step++)
        {
            var next = (last + 1 + step) % inFlight.Length;
            if (inFlight[next] < inFlight[best])
                best = next;
        }

        return last = best;
    }
}
