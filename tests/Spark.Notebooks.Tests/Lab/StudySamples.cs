namespace Spark.Notebooks.Tests;

/// <summary>Studies whose every latency is known.</summary>
internal static class StudySamples
{
    public static WorkloadMix Mix(string name = "rag", int prompt = 256, int output = 16) =>
        new() { Name = name, About = "a test", PromptTokens = prompt, OutputTokens = output };

    public static LoadTarget Target(string topology, params EngineRole[] roles) => new()
    {
        Topology = topology,
        Path = LoadTarget.ThroughGateway,
        Policy = "round-robin",
        Transport = roles.Contains(EngineRole.Prefill) ? "shm" : null,
        Model = "serve-0badcafe",
        Endpoint = new("http://127.0.0.1:8000"),
        Engines = [.. roles.Select((role, i) => new EngineAddress($"node-{i}", $"run-{i}", new($"http://127.0.0.1:{8100 + i}")) { Role = role, Cores = 1 })],
    };

    public static LoadTarget Single { get; } = Target("single", EngineRole.Both);
    public static LoadTarget Replicated { get; } = Target("replicated ×2", EngineRole.Both, EngineRole.Both);
    public static LoadTarget Disaggregated { get; } = Target("disaggregated 1P1D", EngineRole.Prefill, EngineRole.Decode);

    /// <summary>An open-loop run that is fair to compare, of requests that are due at equal gaps.</summary>
    public static LoadRun Run(LoadTarget target, double ttftMs, double itlMs, int requests = 8, int output = 16, double perSecond = 10, string fingerprint = "f")
    {
        var schedule = ArrivalSchedule.Constant(requests, perSecond);
        var split = target.Transport is not null;
        RequestTimeline[] sent = [.. schedule.Select((due, i) => Samples.Request(i, due.TotalMilliseconds, ttftMs, itlMs, output) with
        {
            Node = target.Engines[^1].Node,
            PromptTokens = 256,
            Routed = Routed($"r-{i}", target, split),
        })];
        return new()
        {
            Name = $"open loop, constant, {perSecond} requests/s",
            Target = target,
            Recipe = "requests of a test",
            Fingerprint = fingerprint,
            Schedule = schedule,
            WarmupRequests = 2,
            Requests = sent,
            Duration = sent.Max(request => request.TokenTimes[^1]),
            IdentityProven = true,
            Metrics = [.. target.Engines.Select((engine, i) => new EngineMetrics
            {
                Node = engine.Node,
                GenerationTokens = i > 0 ? 0 : sent.Sum(request => request.OutputTokens) + (split ? requests : 0),
                BytesTransferred = split ? 1 << 20 : 0,
            })],
            Samples = [],
            Cpu = new() { Duration = TimeSpan.FromSeconds(1), Cores = 2, Engines = target.Engines.ToDictionary(engine => engine.Node, _ => TimeSpan.FromSeconds(0.5)), Notebook = TimeSpan.FromSeconds(0.2) },
        };
    }

    public static StudyCell Cell(LoadTarget target, WorkloadMix mix, double multiple, params (double TtftMs, double ItlMs)[] repeats) => new(
        mix, new() { Ttft = TimeSpan.FromMilliseconds(200), Itl = TimeSpan.FromMilliseconds(30) }, multiple, 10 * multiple,
        new([.. repeats.Select(repeat => Run(target, repeat.TtftMs, repeat.ItlMs, output: mix.OutputTokens, perSecond: 10 * multiple, fingerprint: $"{mix.Name} {multiple}"))]));

    /// <summary>One workload that disaggregation wins, one that replication wins, and one too close to call, each with a single node beside it.</summary>
    public static ArchitectureStudy Study { get; } = Create();

    static ArchitectureStudy Create()
    {
        var plan = new StudyPlan { Rates = [1] };
        WorkloadMix[] mixes = [Mix("rag", 256, 16), Mix("chat", 32, 64), Mix("triage", 32, 16)];
        return new(
            plan with { Mixes = [.. mixes.Select(mix => mix.Name)] },
            [.. mixes.Select(mix => (Mix: mix, Alone: new RepeatedRun([Run(Single, 40, 3, 3, mix.OutputTokens)]))).Select(lone => new MixBaseline(lone.Mix, plan.SloFrom(lone.Alone), lone.Alone, Run(Single, 80, 6)))],
            [
                Cell(Single, mixes[0], 1, (300, 40), (310, 41)), Cell(Replicated, mixes[0], 1, (100, 40), (110, 50)), Cell(Disaggregated, mixes[0], 1, (120, 5), (130, 6)),
                Cell(Single, mixes[1], 1, (300, 10), (310, 11)), Cell(Replicated, mixes[1], 1, (50, 5), (55, 6)), Cell(Disaggregated, mixes[1], 1, (400, 5), (410, 6)),
                Cell(Single, mixes[2], 1, (100, 5), (90, 5)), Cell(Replicated, mixes[2], 1, (50, 5), (55, 6)), Cell(Disaggregated, mixes[2], 1, (50, 5), (56, 6)),
            ]);
    }

    static RoutedRequest Routed(string id, LoadTarget target, bool split) => new()
    {
        Id = id,
        Arrived = DateTimeOffset.UnixEpoch,
        Policy = "round-robin",
        Legs =
        [
            .. split ? (RoutedLeg[])[Leg("prefill", target.Engines[0].Node, 0)] : [],
            Leg(split ? "decode" : "serve", target.Engines[^1].Node, split ? 30 : 0),
        ],
        Duration = TimeSpan.FromMilliseconds(90),
        Outcome = RoutedOutcome.Completed,
    };

    static RoutedLeg Leg(string role, string backend, double startMs) =>
        new() { Role = role, Backend = backend, Start = TimeSpan.FromMilliseconds(startMs), Duration = TimeSpan.FromMilliseconds(25), Status = 200 };
}
