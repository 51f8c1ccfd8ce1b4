using System.Collections.Concurrent;

namespace Spark.Notebooks;

/// <summary>What the gateway counts of requests, beside what it counts of each backend.</summary>
internal sealed class GatewayCounters
{
    readonly ConcurrentDictionary<string, long> fallbacks = [], bypasses = [];
    int inFlight;
    long rejected, clientsGone, released, stranded;

    public int InFlight => Volatile.Read(ref inFlight);
    public IReadOnlyDictionary<string, long> Fallbacks => new Dictionary<string, long>(fallbacks);
    public IReadOnlyDictionary<string, long> Bypasses => new Dictionary<string, long>(bypasses);
    public long RejectedRequests => Interlocked.Read(ref rejected);
    public long ClientsGone => Interlocked.Read(ref clientsGone);

    /// <summary>KV caches that were fetched only so that a prefill instance lets go of them.</summary>
    public long ReleasedPrefills => Interlocked.Read(ref released);

    /// <summary>KV caches that a prefill instance holds until its lease ends, as no decode instance took them.</summary>
    public long StrandedPrefills => Interlocked.Read(ref stranded);

    /// <summary>Whether there is room for one more, which then is in flight.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref inFlight) <= most)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref inFlight);
    public void Rejected() => Interlocked.Increment(ref rejected);
    public void ClientGone() => Interlocked.Increment(ref clientsGone);
    public void Released() => Interlocked.Increment(ref released);
    public void Stranded() => Interlocked.Increment(ref stranded);
    public void FellBack(string reason) => fallbacks.AddOrUpdate(reason, 1, static (_, count) => count + 1);
    public void Bypassed(string reason) => bypasses.AddOrUpdate(reason, 1, static (_, count) => count + 1);
}
