namespace Spark.Notebooks.Tests;

/// <summary>Runs whose every latency is known, to draw and to sum up.</summary>
internal static class Samples
{
    public static LoadTarget Target { get; } = new()
    {
        Topology = "single",
        Path = "direct",
        Model = "run-0badcafe",
        Endpoint = new("http://127.0.0.1:8100"),
        Engines = [new("node-0", "run-0badcafe", new("http://127.0.0.1:8100"))],
    };

    public static RequestTimeline Request(int index = 0, double sentMs = 0, double ttftMs = 40, double itlMs = 2, int output = 64) => new()
    {
        Index = index,
        Node = "node-0",
        PromptTokens = 512,
        RequestedTokens = output,
        OutputTokens = output,
        Sent = TimeSpan.FromMilliseconds(sentMs),
        TokenTimes = [.. Enumerable.Range(0, output).Select(token => TimeSpan.FromMilliseconds(sentMs + ttftMs + (token * itlMs)))],
        FinishReason = "length",
    };

    public static RequestTimeline FailedRequest(int index) => Request(index, output: 0) with { Error = "503: <script>alert(1)</script>" };

    public static LoadRun Run(int concurrency = 1, double itlMs = 2, params IEnumerable<RequestTimeline> more)
    {
        RequestTimeline[] requests = [.. Enumerable.Range(0, concurrency).Select(index => Request(index, itlMs: itlMs)), .. more];
        return new()
        {
            Name = $"closed loop, concurrency {concurrency}",
            Target = Target,
            Recipe = $"{requests.Length} requests of 512 prompt and 64 output tokens, seed 0",
            Concurrency = concurrency,
            WarmupRequests = 2,
            Requests = requests,
            Duration = requests.Where(request => request.Succeeded).Max(request => request.TokenTimes[^1]),
            Metrics = [new() { Node = "node-0", Preemptions = 3 }],
            Samples = [.. Enumerable.Range(0, 10).Select(i => new MetricsSample
            {
                Node = "node-0",
                At = TimeSpan.FromMilliseconds(20 * i),
                Running = Math.Min(i, concurrency),
                Waiting = Math.Max(0, concurrency - i),
                KvCacheUsage = i / 10.0,
                Preemptions = 40 + (i / 3),
            })],
        };
    }

    /// <summary>Latency flat up to 4 in flight, then in proportion: the knee is at 4.</summary>
    public static IReadOnlyList<RepeatedRun> Runs { get; } =
        [.. new[] { 1, 2, 4, 8, 16 }.Select(load => new RepeatedRun([Run(load, 2 * Math.Max(1, load / 4.0)), Run(load, 2.1 * Math.Max(1, load / 4.0))]))];

    public static Sweep Sweep(string metric, params int[] tokens) => new()
    {
        Metric = metric,
        Axis = metric == "TTFT" ? "prompt tokens" : "context tokens",
        Target = Target,
        WarmupRequests = tokens.Length,
        Points = [.. tokens.Select(count => new SweepPoint(count, [Request(), Request(), Request()], new Distribution([2 + (0.3 * count), 2.2 + (0.3 * count), 9 + (0.3 * count)], "ms")))],
    };

    public static NodeCeilings Ceilings { get; } = new()
    {
        Node = "node-0",
        FlopPerSecond = 235e9,
        ReadBytesPerSecond = new Dictionary<long, double> { [1 << 20] = 200e9, [64 << 20] = 45e9 },
        Simd = "512 bit",
        Architecture = "X64",
        Runtime = ".NET 10",
        Pinned = true,
    };

    public static Roofline Roofline { get; } = new(235e9, 45e9);

    public static NodeRates Rates(string node, double share = 1, double spread = 0.02) =>
        new(node, new([100e9 * share * (1 - spread), 100e9 * share, 100e9 * share * (1 + spread)], "FLOP/s"), new([20e9 * share * (1 - spread), 20e9 * share, 20e9 * share * (1 + spread)], "B/s"), true);

    /// <summary>Two nodes, and the share of their speed that each keeps when both work.</summary>
    public static Contention Contention(double kept = 1, double spread = 0.02) => new([Rates("node-0", 1, spread), Rates("node-1", 1, spread)], [Rates("node-0", kept), Rates("node-1", kept)]);

    /// <summary>From node-0 to node-1 at 2 GB/s.</summary>
    public static NodeLink Link(string transport, double latencyMicroseconds) => new()
    {
        From = "node-0",
        To = "node-1",
        Transport = transport,
        Messages = [.. new[] { 64, 64 << 10, 8 << 20 }.Select(bytes => (new ByteSize(bytes), new Distribution([latencyMicroseconds + (bytes / 2e3), latencyMicroseconds + (bytes / 2e3)], "µs")))],
        Pulled = ByteSize.FromGB(1),
        Region = ByteSize.FromMiB(128),
        SourceCpu = TimeSpan.FromMilliseconds(500),
        Pinned = true,
    };

    /// <summary>Moves that take what the formula says of <see cref="Link"/>, and a prefill of a ms a token.</summary>
    public static KvMoves Moves { get; } = new()
    {
        Shape = ShapeFiles.Tales,
        FirstPull = new Dictionary<string, double> { ["tcp"] = 8, ["shm"] = 9 },
        Where = "samples",
        Moves = [.. from link in new[] { Link("tcp", 50), Link("shm", 1) }
                    from tokens in new[] { 16, 40, 256 }
                    let moved = ShapeFiles.Tales.KvBytesInBlocks(tokens)
                    let ms = link.LatencyAndBandwidth.Transfer(moved).TotalMilliseconds
                    select new KvMove { Transport = link.Transport, PromptTokens = tokens, Moved = moved, Transfer = new([ms, ms], "ms"), Prefill = new([tokens, tokens], "ms"), Ttft = new([tokens + (2 * ms), tokens + (2 * ms)], "ms") }],
    };
}
