namespace Spark.Notebooks;

/// <summary>What came of a prefill leg.</summary>
internal abstract record PrefillResult
{
    PrefillResult()
    {
    }

    /// <summary>The prefill instance holds the KV cache for whoever presents these parameters.</summary>
    /// <param name="KvTransferParams">JSON, to be passed on byte for byte.</param>
    public sealed record Held(ReadOnlyMemory<byte> KvTransferParams) : PrefillResult;

    /// <summary>The request itself is at fault: the client gets this answer.</summary>
    public sealed record Refused(UpstreamAnswer Answer) : PrefillResult;

    /// <summary>There is nothing to hand over: the decode instance must do without.</summary>
    /// <param name="Reason">One of a few, as metrics count by it.</param>
    public sealed record Failed(string Reason) : PrefillResult;

    /// <summary>The client went away meanwhile.</summary>
    public sealed record ClientGone : PrefillResult;
}
