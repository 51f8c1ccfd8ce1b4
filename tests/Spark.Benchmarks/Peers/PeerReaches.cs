namespace Spark.Benchmarks;

/// <summary>How many times a peer's rate is to be reached; null where the figure is only stated, as for a peer that is not known.</summary>
sealed record PeerReaches(Reach? Prefill = null, Reach? Decode = null, Reach? DecodeFloat32 = null, Reach? Decode8 = null, Reach? Decode16 = null)
{
    public static PeerReaches Of(string? family) => family switch
    {
        Peer.LlamaCpp => new(Reach.AtLeast(1.6), Reach.AtLeast(1.2), Reach.AtLeast(1.5), Reach.AtLeast(3), Reach.AtLeast(3.4)),
        Peer.IkLlamaCpp => new(Reach.AtLeast(1), Reach.AtLeast(1.4), null, Reach.AtLeast(1.8), Reach.AtLeast(2.1)),
        _ => new(),
    };
}
