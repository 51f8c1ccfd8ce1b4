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
        // The decode engine computes the last token itself.
        var bytes = served.Shape().KvBytesInBlocks(PromptTokens - 1);
        var atSpeed = new Dictionary<int, TimeSpan>();
        foreach (var megabits in (int[])[200, 1_000])
        {
            hosts.Network.Shape(megabits);
            var runs = new List<LoadRun>();
            for (var i = 0; i < Requests; i++)
                runs.Add(await LoadRun.OneAsync(served, PromptTokens, outputTokens: 2, seed: i, TestContext.Current.CancellationToken));
            Assert.All(runs, run => Assert.Equal((1, bytes.Bytes), (run.Completed, run.Metrics.Sum(engine => engine.BytesTransferred))));
            var measured = atSpeed[megabits] = runs.Select(run => run.Metrics[^1].TransferTime.Sum).Order().ElementAt(Requests / 2);
            // A veth pair's own latency is microseconds.
            var computed = Link.Of("fabric", TimeSpan.Zero, megabits * 1e6 / 8).Transfer(bytes);
            var error = (measured / computed) - 1;
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant(
                $"{megabits} Mbit/s: {bytes} took {measured.TotalMilliseconds:0.0} ms (median of {Requests}), the formula says {computed.TotalMilliseconds:0.0} ms: {error:+0.0%;-0.0%}"));
            Assert.InRange(error, -0.35, 0.35);
        }
        Assert.InRange(atSpeed[200] / atSpeed[1_000], 5 * 0.75, 5 * 1.25);
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
