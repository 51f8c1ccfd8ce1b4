namespace Spark.Notebooks;

/// <summary>One measured run of load against a target: every request's timeline, the engine's own counters, and the figures that follow.</summary>
public sealed record LoadRun
{
    /// <summary>How the load arrived, such as <c>closed loop, concurrency 8</c>.</summary>
    public required string Name { get; init; }

    public required LoadTarget Target { get; init; }

    /// <summary>How the workload was made, in words.</summary>
    public required string Recipe { get; init; }

    /// <summary>Most requests in flight at once.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Requests sent before the clock started, which are in no figure.</summary>
    public required int WarmupRequests { get; init; }

    /// <summary>Those that were sent, in the workload's order.</summary>
    public required IReadOnlyList<RequestTimeline> Requests { get; init; }

    /// <summary>Requests that were left out because one before them failed.</summary>
    public int Unsent { get; init; }

    /// <summary>Wall time from before the first request was sent until the last one ended.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What each engine counted during the run; empty when one could not be asked at its end.</summary>
    public required IReadOnlyList<EngineMetrics> Metrics { get; init; }

    /// <summary>Each engine's gauges over the run; empty for <see cref="OneAsync"/>.</summary>
    public required IReadOnlyList<MetricsSample> Samples { get; init; }

    public int Completed => Requests.Count(request => request.Succeeded);
    public int Failed => Requests.Count - Completed;

    /// <summary>Requests that succeeded with fewer tokens than asked for.</summary>
    public int ShortRequests => Requests.Count(request => request.IsShort);

    /// <summary>Whether the engines generated exactly the tokens that the client received: nobody else used them, and nothing was lost.</summary>
    public bool EnginesAgree => Metrics.Sum(engine => engine.GenerationTokens) == Requests.Sum(request => request.OutputTokens);

    public double RequestsPerSecond => Answered.Count / Duration.TotalSeconds;
    public double OutputTokensPerSecond => Answered.Sum(request => request.OutputTokens) / Duration.TotalSeconds;

    /// <summary>In ms, a value a request.</summary>
    public Distribution Ttft => Distribution.OfMilliseconds(Answered.Select(request => request.Ttft));

    /// <summary>In ms, the gaps of all requests pooled.</summary>
    public Distribution Itl => Distribution.OfMilliseconds(Answered.SelectMany(request => request.Itl));

    /// <summary>In ms, a value a request of at least two tokens.</summary>
    public Distribution Tpot => Distribution.OfMilliseconds(Answered.Select(request => request.Tpot).OfType<TimeSpan>());

    /// <summary>In ms, a value a request.</summary>
    public Distribution E2el => Distribution.OfMilliseconds(Answered.Select(request => request.E2el));

    /// <summary>One request alone on the target, which not even gauges are read from meanwhile.</summary>
    public static async Task<LoadRun> OneAsync(Deployment target, int promptTokens, int outputTokens, int seed = 0, CancellationToken cancellation = default)
    {
        var workload = await Workload.FromTextAsync(target, requests: 1, promptTokens, outputTokens, seed: seed, cancellation: cancellation);
        return await RunAsync(target, workload, new ClosedLoop(1), sampled: false, cancellation);
    }

    /// <summary>Keeps <paramref name="concurrency"/> requests in flight: each client sends its next when its last has ended.</summary>
    public static Task<LoadRun> ClosedLoopAsync(Deployment target, Workload workload, int concurrency, CancellationToken cancellation = default) =>
        RunAsync(target, workload, new ClosedLoop(concurrency), sampled: true, cancellation);

    /// <summary>Sends <paramref name="batchSize"/> requests together and waits for all of them before it sends more, as a static batcher does.</summary>
    public static Task<LoadRun> StaticBatchesAsync(Deployment target, Workload workload, int batchSize, CancellationToken cancellation = default) =>
        RunAsync(target, workload, new StaticBatches(batchSize), sampled: true, cancellation);

    /// <summary>The same run several times over.</summary>
    public static async Task<RepeatedRun> RepeatAsync(int repeats, Func<Task<LoadRun>> run)
    {
        var runs = new List<LoadRun>();
        while (runs.Count < repeats)
            runs.Add(await run());
        return new(runs);
    }

    public override string ToString() => Failed == 0
        ? FormattableString.Invariant($"{Name}: {Completed} requests in {Duration.TotalSeconds:0.0} s, {OutputTokensPerSecond:0.#} output tokens/s{Shortness()}")
        : $"{Name}: {Failure()}";

    static async Task<LoadRun> RunAsync(Deployment target, Workload workload, IArrivals arrivals, bool sampled, CancellationToken cancellation)
    {
        using var generator = new LoadGenerator(target.Target);
        return await generator.RunAsync(workload, arrivals, sampled, cancellation);
    }

    IReadOnlyList<RequestTimeline> Answered => Failed == 0 ? Requests : throw new InvalidOperationException($"This run has no throughput and no latencies: {Failure()}");

    string Shortness() => ShortRequests > 0 ? $"; {ShortRequests} requests gave fewer tokens than asked for" : "";

    string Failure()
    {
        var first = Requests.First(request => !request.Succeeded);
        return $"{Failed} of {Requests.Count} requests failed, and {Unsent} were not sent. Request {first.Index} on {first.Node}: {first.Error}";
    }
}
