using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>One measured run of load against a target: every request's timeline, the engine's own counters, and the figures that follow.</summary>
[TypeFormatterSource(typeof(SentenceFormatters), PreferredMimeTypes = [Mime.Text])]
public sealed partial record LoadRun
{
    /// <summary>How the load arrived, such as <c>closed loop, concurrency 8</c>.</summary>
    public required string Name { get; init; }

    public required LoadTarget Target { get; init; }

    /// <summary>How the workload was made, in words.</summary>
    public required string Recipe { get; init; }

    /// <summary><see cref="Workload.Fingerprint"/> of what was sent.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>When each request was due; null for a closed loop.</summary>
    public IReadOnlyList<TimeSpan>? Schedule { get; init; }

    /// <summary>Requests sent before the clock started, which are in no figure.</summary>
    public required int WarmupRequests { get; init; }

    /// <summary>Those that were sent, in the workload's order.</summary>
    public required IReadOnlyList<RequestTimeline> Requests { get; init; }

    /// <summary>Requests that were left out because one before them failed.</summary>
    public int Unsent { get; init; }

    /// <summary>Wall time from before the first request was sent until the last one ended.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether every engine of the target served its own run id when the run began.</summary>
    public bool IdentityProven { get; init; }

    /// <summary>What each engine counted during the run; empty when one could not be asked at its end.</summary>
    public required IReadOnlyList<EngineMetrics> Metrics { get; init; }

    /// <summary>Each engine's gauges over the run; empty for <see cref="OneAsync"/>.</summary>
    public required IReadOnlyList<MetricsSample> Samples { get; init; }

    /// <summary>Who used the cores meanwhile; null where nobody looked.</summary>
    public CpuUse? Cpu { get; init; }

    public int Completed => Requests.Count(request => request.Succeeded);
    public int Failed => Requests.Count - Completed;

    /// <summary>Most requests in flight at once: as asked for in a closed loop, as it came about in an open one.</summary>
    public int Concurrency { get => field > 0 ? field : MostInFlight(); init; }

    /// <summary>Requests that succeeded with fewer tokens than asked for.</summary>
    public int ShortRequests => Requests.Count(request => request.IsShort);

    /// <summary>Requests whose prompt the decode engine computed although a prefill engine was asked to.</summary>
    public int Fallbacks => Requests.Count(request => request.Routed?.Fallback is not null);

    /// <summary>
    /// Whether the engines generated exactly the tokens that the client received, and one for each prompt that a prefill engine computed:
    /// nobody else used them, and nothing was lost.
    /// </summary>
    public bool EnginesAgree => Metrics.Sum(engine => engine.GenerationTokens) == Requests.Sum(request => request.OutputTokens) + Requests.Count(request => request.Routed?.Prefill?.Status == 200);

    /// <summary>One request alone on the target, which not even gauges are read from meanwhile.</summary>
    public static async Task<LoadRun> OneAsync(LoadTarget target, int promptTokens, int outputTokens, int seed = 0, CancellationToken cancellation = default)
    {
        var workload = await Workload.FromTextAsync(target, requests: 1, promptTokens, outputTokens, seed: seed, cancellation: cancellation);
        return await RunAsync(target, workload, new ClosedLoop(1), sampled: false, cancellation);
    }

    /// <summary>Keeps <paramref name="concurrency"/> requests in flight: each client sends its next when its last has ended.</summary>
    public static Task<LoadRun> ClosedLoopAsync(LoadTarget target, Workload workload, int concurrency, CancellationToken cancellation = default) =>
        RunAsync(target, workload, new ClosedLoop(concurrency), sampled: true, cancellation);

    /// <summary>Sends <paramref name="batchSize"/> requests together and waits for all of them before it sends more, as a static batcher does.</summary>
    public static Task<LoadRun> StaticBatchesAsync(LoadTarget target, Workload workload, int batchSize, CancellationToken cancellation = default) =>
        RunAsync(target, workload, new StaticBatches(batchSize), sampled: true, cancellation);

    /// <summary>Sends requests at a rate, whatever the answers do: at random as many independent users would, or at equal gaps.</summary>
    /// <param name="constant">Equal gaps instead of a Poisson process.</param>
    /// <param name="maxConcurrency">Most requests in flight; null: no bound.</param>
    /// <param name="seed">Of the Poisson process; the same seed gives the same schedule.</param>
    public static Task<LoadRun> OpenLoopAsync(
        LoadTarget target, Workload workload, double requestsPerSecond, bool constant = false, int? maxConcurrency = null, int seed = 0, CancellationToken cancellation = default)
    {
        var count = workload.Requests.Count;
        var schedule = constant ? ArrivalSchedule.Constant(count, requestsPerSecond) : ArrivalSchedule.Poisson(count, requestsPerSecond, new(seed));
        var name = FormattableString.Invariant($"open loop, {(constant ? "constant" : "Poisson")}, {requestsPerSecond:0.##} requests/s");
        return RunAsync(target, workload, new OpenLoop(name, schedule, maxConcurrency), sampled: true, cancellation);
    }

    /// <summary>The same run several times over.</summary>
    public static async Task<RepeatedRun> RepeatAsync(int repeats, Func<Task<LoadRun>> run, CancellationToken cancellation = default)
    {
        var runs = new List<LoadRun>();
        while (runs.Count < repeats)
        {
            cancellation.ThrowIfCancellationRequested();
            runs.Add(await run());
        }
        return new(runs);
    }

    public override string ToString() => Failed == 0
        ? FormattableString.Invariant($"{Name}: {Completed} requests in {Duration.TotalSeconds:0.0} s, {OutputTokensPerSecond:0.#} output tokens/s{Shortness()}")
        : $"{Name}: {Failure()}";

    internal static async Task<LoadRun> RunAsync(LoadTarget target, Workload workload, IArrivals arrivals, bool sampled, CancellationToken cancellation)
    {
        using var generator = new LoadGenerator(target);
        return await generator.RunAsync(workload, arrivals, sampled, cancellation);
    }

    int MostInFlight()
    {
        var inFlight = 0;
        return Requests.SelectMany(request => new[] { (At: request.Sent, Change: 1), (At: request.TokenTimes.LastOrDefault(request.Sent), Change: -1) })
            .OrderBy(change => change.At).ThenBy(change => change.Change).Select(change => inFlight += change.Change).DefaultIfEmpty().Max();
    }

    string Shortness() => ShortRequests > 0 ? $"; {ShortRequests} requests gave fewer tokens than asked for" : "";

    string Failure()
    {
        var first = Requests.First(request => !request.Succeeded);
        return $"{Failed} of {Requests.Count} requests failed, and {Unsent} were not sent. Request {first.Index} on {first.Node}: {first.Error}{FailedTransfers()}";
    }

    // An engine tells its client of an internal error only.
    string FailedTransfers() => string.Concat(Metrics.Where(engine => engine.FailedTransfers > 0).Select(engine =>
        $" (KV transfers failed on {engine.Node}: {engine.FailedTransfers}. Is the link between the nodes up, and the prefill engine alive?)"));
}
