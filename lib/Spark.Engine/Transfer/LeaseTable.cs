namespace Spark.Engine;

/// <summary>
/// Prefilled requests whose blocks are held until a decode engine has read them, or until their lease ends. A block that is being read is held
/// to the end of that read. Safe for any number of threads; what is released is told to the engine, whose thread alone frees blocks.
/// </summary>
internal sealed class LeaseTable(TimeSpan duration, TimeProvider clock, Action<Request, bool> release) : IDisposable
{
    readonly Lock changing = new();
    readonly Dictionary<string, Lease> leases = [];

    public int Held
    {
        get
        {
            lock (changing)
                return leases.Count;
        }
    }

    /// <summary>Begins a lease under the request's id, or one made from it where a client uses an id again while it is held.</summary>
    public string Hold(Request request)
    {
        var lease = new Lease(request);
        lock (changing)
        {
            var id = request.Id;
            for (var i = 1; !leases.TryAdd(id, lease); i++)
                id = $"{request.Id}-again{i}";
            lease.Timer = clock.CreateTimer(_ => End(id, expired: true), null, duration, Timeout.InfiniteTimeSpan);
            return id;
        }
    }

    /// <summary>Keeps a request's blocks where they are until the result is disposed of; null where it does not hold all of these blocks (any more).</summary>
    public IDisposable? BeginRead(string requestId, ReadOnlySpan<int> blocks)
    {
        lock (changing)
        {
            if (!leases.TryGetValue(requestId, out var lease))
                return null;
            var held = lease.Request.Blocks.Span;
            foreach (var block in blocks)
                if (!held.Contains(block))
                    return null;
            lease.Readers++;
            return new Read(this, lease);
        }
    }

    /// <summary>Ends a lease; false where there was none, so that what was read without it may be another request's.</summary>
    public bool End(string requestId, bool expired = false)
    {
        lock (changing)
        {
            if (!leases.Remove(requestId, out var lease))
                return false;
            lease.Timer!.Dispose();
            lease.IsExpired = expired;
            if (lease.Readers == 0)
                Release(lease);
            else
                lease.ReleaseAfterRead = true;
            return true;
        }
    }

    void Release(Lease lease) => release(lease.Request, lease.IsExpired);

    public void Dispose()
    {
        lock (changing)
            foreach (var lease in leases.Values)
                lease.Timer!.Dispose();
    }

    sealed class Lease(Request request)
    {
        public Request Request => request;
        public ITimer? Timer { get; set; }
        public int Readers { get; set; }
        public bool ReleaseAfterRead { get; set; }
        public bool IsExpired { get; set; }
    }

    sealed class Read(LeaseTable table, Lease lease) : IDisposable
    {
        public void Dispose()
        {
            lock (table.changing)
                if (--lease.Readers == 0 && lease.ReleaseAfterRead)
                    table.Release(lease);
        }
    }
}
