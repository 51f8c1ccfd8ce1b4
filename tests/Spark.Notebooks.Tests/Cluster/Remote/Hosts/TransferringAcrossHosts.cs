namespace Spark.Notebooks.Tests;

public sealed class TransferringAcrossHosts : IAsyncLifetime
{
    const int PromptTokens = 1_000;
    const int Requests = 3;
    TwoHosts hosts = null!;

    public async ValueTask InitializeAsync() => hosts = await TwoHosts.StartAsync();

    public ValueTask DisposeAsync() => hosts?.DisposeAsync() ?? default;

    // That it takes little longer than that is for Spark.Benchmarks to measure: here other tests use the same cores.
    [Theory]
    [InlineData(200)]
    [InlineData(1_000)]
    public async Task No_transfer_is_said_to_be_faster_than_the_link_carries_its_bytes(int megabits)
    {
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", hosts.Cluster(), [], new("", []));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), VllmShim.Knobs with { MaxModelLen = 1_024 });
        hosts.Network.Shape(megabits);
        // The decode engine computes the last token itself.
        var bytes = served.Shape().KvBytesInBlocks(PromptTokens - 1);
        // The token bucket lets its first bytes through at any speed.
        var least = Link.Of("fabric", TimeSpan.Zero, megabits * 1e6 / 8).Transfer(new(bytes.Bytes - NetworkPair.BurstBytes));
        for (var i = 0; i < Requests; i++)
        {
            var run = await LoadRun.OneAsync(served, PromptTokens, outputTokens: 2, seed: i, TestContext.Current.CancellationToken);
            Assert.Equal((1, bytes.Bytes), (run.Completed, run.Metrics.Sum(engine => engine.BytesTransferred)));
            Assert.InRange(run.Metrics[^1].TransferTime.Sum, least, TimeSpan.MaxValue);
        }
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
}
