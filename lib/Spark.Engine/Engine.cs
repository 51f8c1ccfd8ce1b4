namespace Spark.Engine;

/// <summary>The heart: requests wait, a step computes some of their tokens, those that reached their last token get a new one. One thread owns it.</summary>
internal sealed class Engine : IDisposable
{
    readonly LoadedModel model;
    readonly KvPool pool;
    readonly KvCacheManager cache;
    readonly Scheduler scheduler;
    readonly Sampler sampler;
    readonly ForwardBatch batch = new();
    readonly Dictionary<string, Request> requests = [];
    readonly List<EngineOutput> outputs = [];
    readonly TimeProvider clock;
    readonly SchedulerLimits limits;
    long requestsSeen, promptTokens, generationTokens;

    public Engine(LoadedModel model, KvCapacity capacity, EngineOptions options, TimeProvider clock)
    {
        (this.model, this.clock) = (model, clock);
        limits = model.Limits;
        Seed = options.Seed;
        pool = new KvPool(model.Layout, capacity.Blocks);
        cache = new KvCacheManager(new BlockPool(capacity.Blocks), options.EnablePrefixCaching);
        scheduler = new Scheduler(limits, cache, clock);
        sampler = new Sampler(model.Config.VocabSize, model.Config.EosTokenIds);
    }

    public int Seed { get; }
    public bool HasWork => scheduler.HasWork;

    public void Add(EngineRequest source)
    {
        var request = new Request(source, source.Sampling.Seed ?? HashCode.Combine(Seed, requestsSeen++), clock.GetTimestamp());
        requests.Add(request.Id, request);
        scheduler.Add(request);
    }

    /// <summary>Frees what a request holds; one that is unknown, or has ended, is no error.</summary>
    public void Abort(string requestId)
    {
        if (requests.Remove(requestId, out var request))
            scheduler.Remove(request);
    }

    /// <summary>One iteration: schedule, compute, sample.</summary>
    /// <returns>What there is to say of each request that got a token; valid until the next step.</returns>
    public IReadOnlyList<EngineOutput> Step()
    {
        outputs.Clear();
        var step = scheduler.Schedule();
        batch.Clear();
        foreach (var work in step)
            batch.Add(work.Request.Tokens.Slice(work.Request.ComputedTokens, work.Tokens), work.Request.ComputedTokens, work.Request.Blocks, work.Samples);
        var logits = model.Llama.Forward(batch, pool);
        var row = 0;
        foreach (var work in step)
        {
            var samples = work.Samples;
            scheduler.Complete(work);
            if (samples)
                outputs.Add(Sample(work.Request, logits[row++]));
        }
        return outputs;
    }

    /// <summary>Computes a few tokens that nobody asked for, so that the first request does not wait for the JIT compiler.</summary>
    public void WarmUp()
    {
        var tokens = new int[Math.Min(KvLayout.BlockSize - 1, limits.MaxModelLen)];   // 8 + 4 + 2 + 1 rows: every kernel tile
        batch.Clear();
        batch.Add(tokens, 0, new[] { 0 }, needsLogits: true);
        sampler.Next(new Request(new EngineRequest("warm-up", tokens, new SamplingParams()), 0, 0), model.Llama.Forward(batch, pool)[0]);
    }

    /// <summary>Tokens that the latest step computed.</summary>
    public int StepTokens => batch.Tokens;

    public EngineStats Stats => new()
    {
        Running = scheduler.Running,
        Waiting = scheduler.Waiting,
        KvCacheUsage = cache.Usage,
        PromptTokens = promptTokens,
        GenerationTokens = generationTokens,
        Preemptions = scheduler.Preemptions,
        PrefixCacheQueries = cache.Queries,
        PrefixCacheHits = cache.Hits,
    };

    EngineOutput Sample(Request request, Span<float> logits)
    {
        var wanted = request.Sampling.Logprobs;
        var raw = wanted is null ? null : logits.ToArray();
        var token = sampler.Next(request, logits);
        request.AddToken(token);
        var now = clock.GetTimestamp();
        generationTokens++;
        if (request.FirstTokenAt is null)
            (request.FirstTokenAt, promptTokens) = (now, promptTokens + request.PromptTokens);
        var ended = StopCheck.After(request, model.Config.EosTokenIds, limits.MaxModelLen);
        if (ended is not null)
        {
            requests.Remove(request.Id);
            scheduler.Remove(request);
        }
        return new()
        {
            RequestId = request.Id,
            Token = token,
            Logprobs = raw is null ? null : LogprobReader.Read(raw, token, wanted!.Value),
            FinishReason = ended?.Reason,
            StopTokenId = ended?.StopTokenId,
            CachedTokens = request.CachedTokens,
            Times = new RequestTimes(request.QueuedAt, request.ScheduledAt!.Value, request.FirstTokenAt.Value, now),
        };
    }

    public void Dispose() => pool.Dispose();
}
