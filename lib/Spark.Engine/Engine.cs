namespace Spark.Engine;

/// <summary>The heart: requests wait, a step computes some of their tokens, those that reached their last token get a new one. One thread owns it.</summary>
internal sealed class Engine : IDisposable
{
    readonly LoadedModel model;
    readonly KvPool pool;
    readonly KvCacheManager cache;
    readonly KvConnector? connector;
    readonly Scheduler scheduler;
    readonly Sampler sampler;
    readonly ForwardBatch batch = new();
    readonly Dictionary<string, Request> requests = [];
    readonly List<EngineOutput> outputs = [];
    readonly TimeProvider clock;
    readonly EngineLog log;
    readonly SchedulerLimits limits;
    long requestsSeen, promptTokens, generationTokens, expiredLeases;

    public Engine(LoadedModel model, KvCapacity capacity, EngineOptions options, TimeProvider clock, EngineLog? log = null)
    {
        (this.model, this.clock, this.log) = (model, clock, log ?? EngineLog.None);
        limits = model.Limits;
        Seed = options.Seed;
        pool = new KvPool(model.Layout, capacity.Blocks, shared: options.KvTransfer is not null);
        cache = new KvCacheManager(new BlockPool(capacity.Blocks), options.EnablePrefixCaching);
        if (options.KvTransfer is { } transfer)
            connector = new KvConnector(transfer, KvIdentity.Of(options, model.Layout), pool, clock, this.log);
        scheduler = new Scheduler(limits, cache, clock, connector);
        sampler = new Sampler(model.Config.VocabSize, model.Config.EosTokenIds);
    }

    public int Seed { get; }
    public bool HasWork => scheduler.HasWork;

    /// <summary>Null without <c>--kv-transfer-config</c>.</summary>
    public KvConnector? Connector => connector;

    /// <summary>Raised for every pull of KV from another engine that has ended.</summary>
    public event Action<KvTransferStats>? Pulled;

    public void Add(EngineRequest source)
    {
        var request = new Request(source, source.Sampling.Seed ?? (((long)Seed << 32) ^ requestsSeen++), clock.GetTimestamp());
        requests.Add(request.Id, request);
        scheduler.Add(request);
    }

    /// <summary>Frees what a request holds; one that is unknown, or has ended, is no error.</summary>
    public void Abort(string requestId)
    {
        if (!requests.Remove(requestId, out var request))
            return;
        connector?.Decline(request);
        scheduler.Remove(request);
    }

    /// <summary>One iteration: hear what other engines' KV has become of, schedule, compute, sample.</summary>
    /// <returns>What there is to say of each request that got a token or has failed; valid until the next step.</returns>
    public List<EngineOutput> Step()
    {
        outputs.Clear();
        Listen();
        var step = scheduler.Schedule();
        batch.Clear();
        if (step.Count == 0)
            return outputs;
        foreach (var work in step)
            batch.Add(work.Request.Tokens.Slice(work.Request.ComputedTokens, work.Tokens), work.Request.ComputedTokens, work.Request.Blocks, work.Samples);
        var began = clock.GetTimestamp();
        var logits = model.Llama.Forward(batch, pool);
        ForwardTime = clock.GetElapsedTime(began);
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

    void Listen()
    {
        while (connector is not null && connector.TryTake(out var news))
            switch (news)
            {
                case LeaseEnded lease:
                    cache.Free(lease.Request);
                    expiredLeases += lease.Expired ? 1 : 0;
                    break;
                case PullEnded { Pulled: { Pull.IsEmpty: false } pulled }:
                    Pulled?.Invoke(pulled.Stats);
                    Arrived(pulled.Pull.Request, pulled.Failure);
                    break;
            }
    }

    void Arrived(Request request, string? failure)
    {
        scheduler.Arrived(request, failure is null ? request.PromptTokens - 1 : request.ComputedTokens);
        if (failure is null || requests.GetValueOrDefault(request.Id) != request)
            return;
        if (!connector!.FailsOnLoadError)
        {
            log.Warning("Scheduler", $"Recovered from KV load failure: 1 request(s) rescheduled ({request.PromptTokens - request.ComputedTokens} tokens affected). {request.Id}: {failure}");
            return;
        }
        log.Error("Scheduler", $"Failing 1 request(s) due to KV load failure (failure_policy=fail, {request.PromptTokens - request.ComputedTokens} tokens affected). {request.Id}: {failure}");
        requests.Remove(request.Id);
        scheduler.Remove(request);
        outputs.Add(new() { RequestId = request.Id, FinishReason = FinishReason.Error, Times = new(request.QueuedAt, request.QueuedAt, request.QueuedAt, request.QueuedAt) });
    }

    /// <summary>Computes a few tokens that nobody asked for, so that the first request does not wait for the JIT compiler: a prompt, then a decode step.</summary>
    public void WarmUp()
    {
        var tokens = new int[Math.Min(KvLayout.BlockSize, limits.MaxModelLen)];
        var prompt = Math.Max(tokens.Length - 1, 1);   // 12 + 2 + 1 rows: every kernel tile
        WarmUp(tokens.AsMemory(0, prompt), 0);
        if (prompt < tokens.Length)
            WarmUp(tokens.AsMemory(prompt), prompt);
    }

    void WarmUp(ReadOnlyMemory<int> tokens, int firstPosition)
    {
        batch.Clear();
        batch.Add(tokens, firstPosition, new[] { 0 }, needsLogits: true);
        sampler.Next(new Request(new EngineRequest("warm-up", tokens.ToArray(), new SamplingParams()), 0, 0), model.Llama.Forward(batch, pool)[0]);
    }

    /// <summary>Tokens that the latest step computed.</summary>
    public int StepTokens => batch.Tokens;

    /// <summary>What of the latest step that computed any was the model's forward pass; the rest is scheduling and sampling.</summary>
    public TimeSpan ForwardTime { get; private set; }

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
        ExternalPrefixCacheQueries = scheduler.ExternalQueries,
        ExternalPrefixCacheHits = scheduler.ExternalHits,
        ExpiredLeases = connector is null ? null : expiredLeases,
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
        var held = ended is { } end ? connector?.Hold(request, end.Reason) : null;
        if (ended is not null)
            End(request, isHeld: held is not null);
        return new()
        {
            RequestId = request.Id,
            Token = token,
            Logprobs = raw is null ? null : LogprobReader.Read(raw, token, wanted!.Value),
            FinishReason = ended?.Reason,
            StopTokenId = ended?.StopTokenId,
            CachedTokens = request.CachedTokens,
            Transfer = held,
            Times = new RequestTimes(request.QueuedAt, request.ScheduledAt!.Value, request.FirstTokenAt.Value, now),
        };
    }

    void End(Request request, bool isHeld)
    {
        requests.Remove(request.Id);
        if (isHeld)
            scheduler.Forget(request);
        else
            scheduler.Remove(request);
    }

    public void Dispose()
    {
        connector?.Dispose();
        pool.Dispose();
    }
}
