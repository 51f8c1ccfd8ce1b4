namespace Spark.Engine;

/// <summary>One request's KV on its way here: which remote blocks go over which local ones. Nothing to copy means that only the remote engine is told.</summary>
internal sealed class KvPull(Request request, KvTransferParams source, int[] remoteBlocks, int[] localBlocks)
{
    readonly Lock changing = new();
    Wire? wire;

    public Request Request => request;
    public KvTransferParams Source => source;
    public int[] RemoteBlocks => remoteBlocks;
    public int[] LocalBlocks => localBlocks;
    public bool IsEmpty => localBlocks.Length == 0;
    public bool IsCancelled { get; private set; }

    /// <summary>The connection that the pull runs on from now on; cut at once where the pull is cancelled already.</summary>
    public void RunOn(Wire connection)
    {
        lock (changing)
        {
            wire = connection;
            if (IsCancelled)
                connection.Dispose();
        }
    }

    /// <summary>The read is over and the connection may serve others, whom <see cref="Cancel"/> must not cut off; false where it has been cut already.</summary>
    public bool Release()
    {
        lock (changing)
        {
            wire = null;
            return !IsCancelled;
        }
    }

    /// <summary>Ends a read that is under way. Its end is still told by a <see cref="KvPulled"/>, after which nothing writes to the local blocks.</summary>
    public void Cancel()
    {
        lock (changing)
        {
            IsCancelled = true;
            wire?.Dispose();
        }
    }
}

/// <summary>A pull that has ended.</summary>
/// <param name="Failure">Why the KV is not here; null where it is.</param>
internal sealed record KvPulled(KvPull Pull, string? Failure, KvTransferStats Stats);
