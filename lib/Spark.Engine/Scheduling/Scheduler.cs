namespace Spark.Engine;

/// <summary>
/// vLLM V1's scheduler: there is no prefill or decode phase, only a token budget a step. Running requests are served first, in order of
/// arrival; then waiting ones are admitted while budget, seats and KV blocks last. A prompt that does not fit the budget is cut
/// (chunked prefill). When a running request finds no block, the youngest one is preempted: its blocks are freed and it is computed again later.
/// A request whose KV another engine has computed waits, with its blocks, until that is here.
/// </summary>
internal sealed class Scheduler(SchedulerLimits limits, KvCacheManager cache, TimeProvider clock, KvConnector? connector = null)
{
    readonly LinkedList<Request> waiting = [];
    readonly HashSet<Request> pulling = [];
    readonly List<Request> running = [];
    readonly List<ScheduledRequest> step = [];
    long arrivals;

    public int Running => running.Count;
    public int Waiting => waiting.Count + pulling.Count;
    public bool HasWork => Running + Waiting > 0;
    public long Preemptions { get; private set; }

    /// <summary>Prompt tokens asked of another engine's cache, and had from it.</summary>
    public long ExternalQueries { get; private set; }
    public long ExternalHits { get; private set; }

    public void Add(Request request)
    {
        request.Arrival = arrivals++;
        waiting.AddLast(request);
    }

    /// <summary>Forgets a request and frees its blocks at once, wherever it stands; those of a pull under way when nothing writes to them any more.</summary>
    public void Remove(Request request)
    {
        if (pulling.Remove(request))
        {
            request.Pull!.Cancel();
            return;
        }
        Forget(request);
        cache.Free(request);
    }

    /// <summary>Forgets a request that has ended, and leaves its blocks as they are, for another engine to read.</summary>
    public void Forget(Request request)
    {
        if (!running.Remove(request))
            waiting.Remove(request);
    }

    /// <summary>Which requests the next step computes, and how many tokens of each; valid until the next call.</summary>
    public List<ScheduledRequest> Schedule()
    {
        step.Clear();
        var preemptionsBefore = Preemptions;
        var budget = ServeRunning(limits.MaxNumBatchedTokens);
        if (Preemptions == preemptionsBefore)
            AdmitWaiting(budget);
        return step;
    }

    /// <summary>Books a step as computed.</summary>
    public void Complete(ScheduledRequest scheduled)
    {
        scheduled.Request.ComputedTokens += scheduled.Tokens;
        cache.RememberFullBlocks(scheduled.Request);
    }

    /// <summary>Books a pull as ended: the request goes on with what came, or with what it had; one that was removed meanwhile frees its blocks now.</summary>
    public void Arrived(Request request, int computedTokens)
    {
        request.Pull = null;
        if (!pulling.Remove(request))
        {
            cache.Free(request);
            return;
        }
        ExternalHits += computedTokens - request.ComputedTokens;
        request.ComputedTokens = computedTokens;
        cache.RememberFullBlocks(request);
        Return(request);
    }

    // Before all that hold no blocks, so that what is here is used; first come, first served among those that do, whichever pull ended first.
    void Return(Request request)
    {
        var at = waiting.First;
        while (at is { Value: { BlockCount: > 0 } other } && other.Arrival < request.Arrival)
            at = at.Next;
        if (at is null)
            waiting.AddLast(request);
        else
            waiting.AddBefore(at, request);
    }

    int ServeRunning(int budget)
    {
        for (var i = 0; i < running.Count && budget > 0; i++)
        {
            var request = running[i];
            var tokens = Math.Min(request.TokenCount - request.ComputedTokens, budget);
            while (!cache.TryAllocate(request, tokens))
            {
                if (TryTakeBack(request))
                    continue;
                var youngest = running[^1];
                Preempt(youngest);
                if (youngest == request)
                    return budget;
            }
            step.Add(new(request, tokens));
            budget -= tokens;
        }
        return budget;
    }

    void AdmitWaiting(int budget)
    {
        while (waiting.First?.Value is { } request && budget > 0 && running.Count < limits.MaxNumSeqs)
        {
            var prefix = request.BlockCount == 0 ? cache.FindPrefix(request) : [];
            var computed = request.ComputedTokens + prefix.Count * KvLayout.BlockSize;
            if (connector?.TokensToPull(request, computed) is { } remote)
                if (TryPull(request, prefix, computed, remote) || TryTakeBack(request))
                    continue;
                else
                    return;
            var tokens = Math.Min(request.TokenCount - computed, budget);
            if (!cache.TryAllocate(request, tokens, prefix))
                if (TryTakeBack(request))
                    continue;
                else
                    return;
            waiting.RemoveFirst();
            running.Add(request);
            Begin(request, prefix, computed);
            if (request.ScheduledAt is null)
                (request.ScheduledAt, request.CachedTokens) = (clock.GetTimestamp(), computed);
            step.Add(new(request, tokens));
            budget -= tokens;
        }
    }

    bool TryPull(Request request, IReadOnlyList<int> prefix, int computed, int tokens)
    {
        if (tokens == 0)
        {
            connector!.Decline(request);
            return true;
        }
        if (!cache.TryAllocate(request, tokens + 1, prefix))   // and the token that is computed here, so that what has arrived can always go on
            return false;
        waiting.RemoveFirst();
        pulling.Add(request);
        Begin(request, prefix, computed);
        ExternalQueries += tokens;
        request.Pull = connector!.Pull(request, computed, tokens);
        return true;
    }

    /// <summary>Where nothing else runs that could free blocks, takes those of the last waiting request whose KV has arrived: it is computed here instead.</summary>
    bool TryTakeBack(Request needy)
    {
        if (running.Exists(r => r != needy) || waiting.LastOrDefault(r => r.BlockCount > 0 && r != needy) is not { } holder)
            return false;
        cache.Free(holder);
        holder.ComputedTokens = 0;
        Preemptions++;
        return true;
    }

    void Begin(Request request, IReadOnlyList<int> prefix, int computed)
    {
        request.ComputedTokens = computed;
        request.RememberedBlocks = Math.Max(request.RememberedBlocks, prefix.Count);
        if (request.HasLookedUp)
            return;
        request.HasLookedUp = true;
        cache.CountLookup(request.TokenCount, computed);
    }

    void Preempt(Request request)
    {
        running.Remove(request);
        cache.Free(request);
        request.ComputedTokens = 0;
        waiting.AddFirst(request);
        Preemptions++;
    }
}

/// <param name="Tokens">Tokens to compute, beginning at <see cref="Request.ComputedTokens"/>.</param>
internal readonly record struct ScheduledRequest(Request Request, int Tokens)
{
    /// <summary>Whether the step reaches the request's last known token, so that the next one can be sampled.</summary>
    public bool Samples => Request.ComputedTokens + Tokens == Request.TokenCount;
}
