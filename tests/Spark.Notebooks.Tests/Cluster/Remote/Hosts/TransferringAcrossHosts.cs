namespace Spark.Notebooks.Tests;

public sealed class TransferringAcrossHosts : IAsyncLifetime
{
    const int PromptTokens = 1_000;
    const int Requests = 5;
    TwoHosts hosts = null!;

    public async ValueTask InitializeAsync() => hosts = await TwoHosts.StartAsync();

    public ValueTask DisposeAsync() => hosts?.DisposeAsync() ?? default;

    [Fact]
    public async Task A_transfer_takes_its_bytes_over_the_bandwidth_of_the_link()
    {
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", hosts.Cluster(), [], new("", []));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), VllmShim.Knobs with { MaxModelLen = 1_024 });
        var atSpeed = new Dictionary<int, TimeSpan>();
        // Slow enough that the link, and not the cores that other tests use meanwhile, is the limit; Spark.Benchmarks measures a faster one.
        foreach (var megabits in (int[])[8, 32])
        {
            var (bytes, times) = await TransferTimesAsync(served, megabits);
            var measured = atSpeed[megabits] = times.Order().ElementAt(Requests / 2);
            // A veth pair's own latency is microseconds.
            var computed = Link.Of("fabric", TimeSpan.Zero, megabits * 1e6 / 8).Transfer(bytes);
            var error = (measured / computed) - 1;
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant(
                $"{megabits} Mbit/s: {bytes} took {measured.TotalMilliseconds:0.0} ms (median of {Requests}), the formula says {computed.TotalMilliseconds:0.0} ms: {error:+0.0%;-0.0%}"));
            Assert.InRange(error, -0.35, 0.35);
        }
        Assert.InRange(atSpeed[8] / atSpeed[32], 4 * 0.75, 4 * 1.25);
    }

    [Fact]
    public async Task No_transfer_is_said_to_be_faster_than_the_link_carries_its_bytes()
    {
        const int megabits = 1_000;
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", hosts.Cluster(), [], new("", []));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), VllmShim.Knobs with { MaxModelLen = 1_024 });
        var (bytes, times) = await TransferTimesAsync(served, megabits);
        // The token bucket lets its first bytes through at any speed.
        var least = Link.Of("fabric", TimeSpan.Zero, megabits * 1e6 / 8).Transfer(new(bytes.Bytes - NetworkPair.BurstBytes));
        Assert.All(times, time => Assert.InRange(time, least, TimeSpan.MaxValue));
    }

    [Fact]
    public async Task The_link_between_the_hosts_carries_KV_blocks_and_nothing_else()
    {
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", hosts.Cluster(), [], new("", []));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), VllmShim.Knobs with { MaxModelLen = 1_024 });
        var workload = await Workload.FromTextAsync(served, VllmShim.Knobs with { PromptTokens = PromptTokens });
        await LoadRun.ClosedLoopAsync(served, workload, concurrency: 1);
        var moved = (await served.MetricsAsync()).Sum(engine => engine.BytesTransferred);
        // The rest is headers, handshakes and acknowledgements.
        Assert.InRange(hosts.Network.SentOverFabric(0), moved, moved * 1.03);
        Assert.InRange(hosts.Network.SentOverFabric(1), 0, moved * 0.03);
    }

    async Task<(ByteSize Bytes, IReadOnlyList<TimeSpan> Times)> TransferTimesAsync(Deployment served, int megabits)
    {
        hosts.Network.Shape(megabits);
        // The decode engine computes the last token itself.
        var bytes = served.Shape().KvBytesInBlocks(PromptTokens - 1);
        var runs = new List<LoadRun>();
        for (var i = 0; i < Requests; i++)
            runs.Add(await LoadRun.OneAsync(served, PromptTokens, outputTokens: 2, seed: i, TestContext.Current.CancellationToken));
        Assert.All(runs, run => Assert.Equal((1, bytes.Bytes), (run.Completed, run.Metrics.Sum(engine => engine.BytesTransferred))));
        return (bytes, [.. runs.Select(run => run.Metrics[^1].TransferTime.Sum)]);
    }
}
