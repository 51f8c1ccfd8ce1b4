namespace Spark.Notebooks;

/// <summary>Runs load against a target: warm-up, then the measured requests with the engines' counters read before, during and after.</summary>
internal sealed class LoadGenerator(LoadTarget target, TimeProvider? clock = null) : IDisposable
{
    const int WarmupOutputTokens = 16;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan IdleDeadline = TimeSpan.FromSeconds(5);

    readonly TimeProvider time = clock ?? TimeProvider.System;
    readonly CompletionClient client = new(target, clock ?? TimeProvider.System);
    readonly EngineClient[] engines = [.. target.Engines.Select(engine => new EngineClient(engine.Node, engine.Address))];

    /// <param name="sampled">Whether to read gauges during the run, which takes the engine a little time.</param>
    public async Task<LoadRun> RunAsync(Workload workload, IArrivals arrivals, bool sampled, CancellationToken cancellation)
    {
        var warmups = workload.Requests.Take(arrivals.Concurrency).Select(request => request with { OutputTokens = Math.Min(request.OutputTokens, WarmupOutputTokens) }).ToList();
        await WarmUpAsync(warmups, arrivals.Concurrency, cancellation);

        var name = NewRunName();
        var answers = new RequestTimeline?[workload.Requests.Count];
        var answered = 0;
        using var progress = new ProgressLine();
        var before = await IdleCountersAsync(cancellation);
        var started = time.GetTimestamp();
        await using var sampler = new MetricsSampler(sampled ? engines : [], () => time.GetElapsedTime(started), time);

        await arrivals.SendAllAsync(answers.Length, async index =>
        {
            var answer = answers[index] = await client.SendAsync(index, workload.Requests[index], name, started, cancellation);
            progress.Show(arrivals.Name, Interlocked.Increment(ref answered), answers.Length);
            return answer.Succeeded;
        });

        var duration = time.GetElapsedTime(started);
        var samples = await sampler.StopAsync();
        var run = new LoadRun
        {
            Name = arrivals.Name,
            Target = target,
            Recipe = workload.Recipe,
            Concurrency = arrivals.Concurrency,
            WarmupRequests = warmups.Count,
            Requests = [.. answers.OfType<RequestTimeline>()],
            Unsent = answers.Count(answer => answer is null),
            Duration = duration,
            Metrics = await IncrementsAsync(before, cancellation),
            Samples = samples,
        };
        progress.Finish(run.ToString());
        return run;
    }

    /// <summary>Sends requests that no figure contains, so that code is compiled, memory is touched and connections are open.</summary>
    /// <exception cref="LoadException">One failed.</exception>
    public async Task WarmUpAsync(IReadOnlyList<PromptRequest> requests, int concurrency, CancellationToken cancellation)
    {
        var (name, started) = (NewRunName(), time.GetTimestamp());
        await new ClosedLoop(concurrency).SendAllAsync(requests.Count, async index =>
        {
            var answer = await client.SendAsync(index, requests[index], name, started, cancellation);
            return answer.Succeeded ? true : throw new LoadException("The warm-up", answer);
        });
    }

    /// <summary>Sends the requests one after another and stops at the first that fails.</summary>
    /// <exception cref="LoadException">One failed.</exception>
    public async Task<IReadOnlyList<RequestTimeline>> InTurnAsync(string what, IReadOnlyList<PromptRequest> requests, CancellationToken cancellation)
    {
        var answers = new List<RequestTimeline>();
        var (name, started) = (NewRunName(), time.GetTimestamp());
        using var progress = new ProgressLine();
        foreach (var request in requests)
        {
            var answer = await client.SendAsync(answers.Count, request, name, started, cancellation);
            answers.Add(answer.Succeeded ? answer : throw new LoadException(what, answer));
            progress.Show(what, answers.Count, requests.Count);
        }

        progress.Finish($"{what}: {answers.Count} requests in {progress.Elapsed.TotalSeconds:0.0} s");
        return answers;
    }

    public void Dispose()
    {
        client.Dispose();
        foreach (var engine in engines)
            engine.Dispose();
    }

    async Task<EngineMetrics[]> IdleCountersAsync(CancellationToken cancellation)
    {
        var counters = await CountersAsync(cancellation);
        return counters.FirstOrDefault(engine => engine.Running + engine.Waiting > 0) is { } busy
            ? throw new InvalidOperationException($"{busy.Node} is at work on {busy.Running + busy.Waiting} requests of someone else: a run needs it idle.")
            : counters;
    }

    async Task<IReadOnlyList<EngineMetrics>> IncrementsAsync(EngineMetrics[] before, CancellationToken cancellation)
    {
        try
        {
            return [.. (await CountersAsync(cancellation)).Zip(before, (after, earlier) => after.Since(earlier))];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    // A stream ends for its reader a little before the engine has counted it.
    async Task<EngineMetrics[]> CountersAsync(CancellationToken cancellation)
    {
        for (var asked = time.GetTimestamp(); ; await Task.Delay(PollInterval, cancellation))
        {
            var metrics = await Task.WhenAll(engines.Select(engine => engine.GetMetricsAsync(cancellation)));
            if (metrics.All(engine => engine.Running + engine.Waiting == 0) || time.GetElapsedTime(asked) > IdleDeadline)
                return metrics;
        }
    }

    static string NewRunName() => $"bench-{Guid.NewGuid().ToString("N")[..8]}";
}
