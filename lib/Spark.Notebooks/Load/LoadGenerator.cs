namespace Spark.Notebooks;

/// <summary>Runs load against a target: warm-up, then the measured requests with the engines' counters read before, during and after.</summary>
internal sealed class LoadGenerator(LoadTarget target, TimeProvider? clock = null) : IDisposable
{
    const int WarmupOutputTokens = 4;
    const int WarmupPromptTokens = 16;

    readonly TimeProvider time = clock ?? TimeProvider.System;
    readonly CompletionClient client = new(target, clock ?? TimeProvider.System);
    readonly EngineWatch engines = new(target, clock ?? TimeProvider.System);

    /// <param name="sampled">Whether to read gauges during the run, which takes the engine a little time.</param>
    public async Task<LoadRun> RunAsync(Workload workload, IArrivals arrivals, bool sampled, CancellationToken cancellation)
    {
        PromptRequest[] warmups = [.. workload.Requests.Take(arrivals.Concurrency ?? target.Engines.Count).Select(ForWarmup)];
        await WarmUpAsync(warmups, warmups.Length, cancellation);

        var name = NewRunName();
        var answers = new RequestTimeline?[workload.Requests.Count];
        var answered = 0;
        using var progress = new ProgressLine();
        var identified = await engines.AreThoseStartedAsync(cancellation);
        var before = await engines.IdleCountersAsync(cancellation);
        var cpu = CpuClock.Read(target.Engines);
        var started = time.GetTimestamp();
        await using var sampler = new MetricsSampler(sampled ? engines.Clients : [], () => time.GetElapsedTime(started), time);

        await arrivals.SendAllAsync(
            answers.Length,
            async index =>
            {
                var answer = answers[index] = await client.SendAsync(index, workload.Requests[index], name, started, cancellation);
                progress.Show(arrivals.Name, Interlocked.Increment(ref answered), answers.Length);
                return answer.Succeeded;
            },
            cancellation);

        var duration = time.GetElapsedTime(started);
        var used = CpuClock.Read(target.Engines).Since(cpu);
        var samples = await sampler.StopAsync();
        var run = new LoadRun
        {
            Name = arrivals.Name,
            Target = target,
            Recipe = workload.Recipe,
            Fingerprint = workload.Fingerprint,
            Concurrency = arrivals.Concurrency ?? 0,
            Schedule = arrivals.Schedule,
            WarmupRequests = warmups.Length,
            Requests = await GatewayJournal.JoinAsync(target.Gateway, name, [.. answers.OfType<RequestTimeline>()], time, cancellation),
            Unsent = answers.Count(answer => answer is null),
            Duration = duration,
            IdentityProven = identified,
            Metrics = await engines.IncrementsAsync(before, cancellation),
            Samples = samples,
            Cpu = used,
        };
        progress.Finish(run.ToString());
        return run;
    }

    /// <summary>Sends requests that no figure contains, so that code is compiled, memory is touched and connections are open.</summary>
    /// <exception cref="LoadException">One failed.</exception>
    public async Task WarmUpAsync(IReadOnlyList<PromptRequest> requests, int concurrency, CancellationToken cancellation)
    {
        var (name, started) = (NewRunName(), time.GetTimestamp());
        await new ClosedLoop(concurrency).SendAllAsync(
            requests.Count,
            async index =>
            {
                var answer = await client.SendAsync(index, requests[index], name, started, cancellation);
                return answer.Succeeded ? true : throw new LoadException("The warm-up", answer);
            },
            cancellation);
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
        engines.Dispose();
    }

    // The first as long as it will be, since a first transfer of KV blocks sets up more than blocks; of the others their beginnings do.
    static PromptRequest ForWarmup(PromptRequest request, int index) =>
        new(index == 0 ? request.PromptTokenIds : [.. request.PromptTokenIds.Take(WarmupPromptTokens)], Math.Min(request.OutputTokens, WarmupOutputTokens));

    static string NewRunName() => $"bench-{Guid.NewGuid().ToString("N")[..8]}";
}
