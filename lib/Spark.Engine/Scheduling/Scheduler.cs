namespace Spark.Engine;

/// <summary>
/// vLLM V1's scheduler: there is no prefill or decode phase, only a token budget a step. Running requests are served first, in order of
/// arrival; then waiting ones are admitted while budget, seats and KV blocks last. A prompt that does not fit the budget is cut
/// (chunked prefill). When a running request finds no block, the youngest one is preempted: its blocks are freed and it is computed again later.
/// </summary>
internal sealed class Scheduler(SchedulerLimits limits, KvCacheManager cache, TimeProvider clock)
{
    readonly LinkedList<Request> waiting = [];
    readonly List<Request> running = [];
    readonly List<ScheduledRequest> step = [];

    public int Running => running.Count;
    public int Waiting => waiting.Count;
    public bool HasWork => Running + Waiting > 0;
    public long Preemptions { get; private set; }

    public void Add(Request request) => waiting.AddLast(request);

    /// <summary>Forgets a request and frees its blocks at once, wherever it stands.</summary>
    public void Remove(Request request)
    {
        if (!running.Remove(request))
            waiting.Remove(request);
        cache.Free(request);
    }

    /// <summary>Which requests the next step computes, and how many tokens of each; valid until the next call.</summary>
    public IReadOnlyList<ScheduledRequest> Schedule()
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

    int ServeRunning(int budget)
    {
        for (var i = 0; i < running.Count && budget > 0; i++)
        {
            var request = running[i];
            var tokens = Math.Min(request.TokenCount - request.ComputedTokens, budget);
            while (!cache.TryAllocate(request, tokens))
            {
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
            var prefix = cache.FindPrefix(request);
            var cached = prefix.Count * KvLayout.BlockSize;
            var tokens = Math.Min(request.TokenCount - cached, budget);
            if (!cache.TryAllocate(request, tokens, prefix))
                return;
            waiting.RemoveFirst();
            running.Add(request);
            request.ComputedTokens = cached;
            request.RememberedBlocks = prefix.Count;
            if (request.ScheduledAt is null)
            {
                request.ScheduledAt = clock.GetTimestamp();
                request.CachedTokens = cached;
                cache.CountLookup(request.TokenCount, cached);
            }
            step.Add(new(request, tokens));
            budget -= tokens;
        }
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
