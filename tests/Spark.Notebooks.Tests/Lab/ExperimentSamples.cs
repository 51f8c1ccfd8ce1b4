namespace Spark.Notebooks.Tests;

/// <summary>Experiments whose every latency is known.</summary>
internal static class ExperimentSamples
{
    public static ProxyHop ProxyHop { get; } = new(
        new([StudySamples.Run(StudySamples.Single with { Path = LoadTarget.Direct }, 40, 3)]),
        new([StudySamples.Run(StudySamples.Single, 41, 3.1)]));

    public static RoutingStudy Routing { get; } = new(
        [.. new[] { "round-robin", "least-requests", "power-of-two" }.Select((policy, i) => new RepeatedRun([StudySamples.Run(StudySamples.Replicated with { Policy = policy }, 50 - i, 4)]))]);

    public static ScalingStudy Scaling { get; } = new(Levels(StudySamples.Single, 2), Levels(StudySamples.Replicated, 1));

    public static Interference Interference { get; } = new(new() { Streams = 5 },
        [new([StudySamples.Run(StudySamples.Replicated, 50, 30, output: 200)]), new([StudySamples.Run(StudySamples.Disaggregated, 60, 3, output: 200)])]);

    public static TransportStudy Transport { get; } = new([.. new[] { "shm", "tcp" }.Select((transport, i) => new RepeatedRun([Transferring(transport, 2 + i)]))]);

    public static TtftBreakdown[] Breakdowns { get; } = [Breakdown("single", 0), Breakdown("disaggregated 1P1D", 4)];

    public static LoadRun Transferring(string transport, double milliseconds)
    {
        var run = StudySamples.Run(StudySamples.Disaggregated with { Transport = transport }, 60, 3);
        return run with { Metrics = [run.Metrics[0] with { BytesTransferred = 0 }, run.Metrics[1] with { BytesTransferred = 8 << 20, TransferTime = new(8, TimeSpan.FromMilliseconds(8 * milliseconds)) }] };
    }

    static TtftBreakdown Breakdown(string name, double transfer) => new()
    {
        Name = name,
        Queue = 3,
        Prefill = 40,
        Transfer = transfer,
        DecodeQueue = transfer / 4,
        FirstToken = transfer,
        Rest = 2,
        Runs = Routing.Runs[0],
    };

    static RepeatedRun[] Levels(LoadTarget target, double slowness) =>
        [.. new[] { 1, 2, 4 }.Select(level => new RepeatedRun([.. new[] { 1.0, 1.05 }.Select(noise => StudySamples.Run(target, 40 * slowness * noise, 3 * slowness * noise, 4 * level) with
        {
            Name = $"closed loop, concurrency {level}",
            Fingerprint = $"{level}",
            Concurrency = level,
        })]))];
}
