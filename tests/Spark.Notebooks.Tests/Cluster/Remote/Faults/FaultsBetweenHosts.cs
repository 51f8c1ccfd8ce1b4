using System.Diagnostics;

namespace Spark.Notebooks.Tests;

/// <summary>Links that are cut, and a notebook that is killed, where the nodes have network stacks of their own.</summary>
public sealed class FaultsBetweenHosts : IAsyncLifetime
{
    const int WatchdogSeconds = 4;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    static readonly Knobs Knobs = VllmShim.Knobs with { MaxModelLen = 1_024 };
    TwoHosts hosts = null!;

    public async ValueTask InitializeAsync() => hosts = await TwoHosts.StartAsync();

    public ValueTask DisposeAsync() => hosts?.DisposeAsync() ?? default;

    [Theory]
    [InlineData("fail")]
    [InlineData("recompute")]
    public async Task A_fabric_that_is_cut_during_a_transfer_strands_no_KV_blocks(string policy)
    {
        // Held blocks are given back soon after the decode engine could not tell that it gave up.
        var file = hosts.Cluster(WatchdogSeconds);
        await using var cluster = FaultsOnAMachine.Open(file with { Vllm = file.Vllm with { Environment = new Dictionary<string, string> { ["VLLM_NIXL_ABORT_REQUEST_TIMEOUT"] = "10" } } });
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), Knobs with { KvLoadFailurePolicy = policy });
        await LoadRun.OneAsync(served, 1_000, outputTokens: 2);

        hosts.Network.Shape(megabitsPerSecond: 5);
        var (decode, warmups) = (served.Engines[^1].Client, 3);
        var running = LoadRun.OneAsync(served, 1_000, outputTokens: 8, seed: 1);
        for (var watch = Stopwatch.StartNew(); (await decode.GetMetricsAsync()).TransferTime.Count < warmups; await Task.Delay(20))
            Assert.True(watch.Elapsed < Deadline, "The warm-up did not end.");
        var before = hosts.Network.SentOverFabric(0);
        await RunningOnMachines.WaitAsync(() => hosts.Network.SentOverFabric(0) > before + 500_000);
        hosts.Network.SetFabric(up: false);
        var run = await running.WaitAsync(Deadline);
        Assert.Equal((policy == "recompute" ? 1 : 0, 1), (run.Completed, run.Metrics.Sum(engine => engine.FailedTransfers)));
        Assert.Equal(policy == "fail", run.ToString().Contains("KV transfers failed on spark-1: 1.", StringComparison.Ordinal));

        hosts.Network.SetFabric(up: true);
        hosts.Network.Shape(megabitsPerSecond: 1_000);
        for (var watch = Stopwatch.StartNew(); (await served.MetricsAsync()).Any(engine => engine.KvCacheUsage > 0 || engine.Running + engine.Waiting > 0); await Task.Delay(200))
            Assert.True(watch.Elapsed < Deadline, "KV blocks are still held.");
        var next = await LoadRun.OneAsync(served, 1_000, outputTokens: 2, seed: 2);
        Assert.Equal((1, true), (next.Completed, next.Metrics.Sum(engine => engine.BytesTransferred) > 0));
        FaultReport.Write($"fabric cut during a transfer, {policy}", $"{run}{(run.Completed > 0 ? FormattableString.Invariant($", TTFT {run.Requests[0].Ttft.TotalSeconds:0.0} s") : "")}", "both engines' KV caches are empty, the next request's blocks are pulled again");
    }

    [Fact]
    public async Task A_fabric_that_is_cut_after_the_transfer_harms_no_stream()
    {
        await using var cluster = FaultsOnAMachine.Open(hosts.Cluster(WatchdogSeconds));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), Knobs);
        var running = LoadRun.OneAsync(served, 100, outputTokens: 800);
        await StreamingAsync(served);
        hosts.Network.SetFabric(up: false);
        var run = await running;
        Assert.Equal((1, 800), (run.Completed, run.Requests[0].OutputTokens));
        FaultReport.Write("fabric cut during a stream", "nothing: its KV blocks had come", "nothing");
    }

    [Fact]
    public async Task A_node_that_is_cut_off_during_a_stream_is_named_and_ends_what_it_runs()
    {
        await using var cluster = FaultsOnAMachine.Open(hosts.Cluster(WatchdogSeconds));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), Knobs);
        int[] pids = [.. ServingOverSsh.Processes(served.Engines[1])];
        var running = LoadRun.OneAsync(served, 100, outputTokens: 900);
        await StreamingAsync(served);
        hosts.Network.SetManagement(1, up: false);
        await RunningOnMachines.WaitAsync(() => !pids.Any(RunningOnMachines.IsAlive));
        Assert.True(RunningOnMachines.IsAlive(served.Engines[0].Process.Id));
        var run = await running.WaitAsync(2 * Deadline);
        Assert.Contains("spark-1 sent nothing more for 60 s", run.ToString());
        var stopped = await cluster.StopAllAsync().WaitAsync(2 * Deadline);
        Assert.Contains("spark-1", stopped);
        var again = (await Assert.ThrowsAsync<NodeConnectionException>(() => cluster.ServeAsync(Topology.Disaggregated(1, 1), Knobs))).Message;
        Assert.StartsWith("spark-1: ", again);

        hosts.Network.SetManagement(1, up: true);
        Assert.All(await Task.WhenAll((await cluster.ServeAsync(Topology.Disaggregated(1, 1), Knobs)).Engines.Select(engine => engine.Client.GetModelNamesAsync())), Assert.NotEmpty);
        FaultReport.Write("node cut off during a stream", $"{run}\n{stopped}\nServing again: {again}", "the node's watchdog ended every process there; with the link back, serving works again");
    }

    [Fact]
    public async Task Killing_the_notebook_outright_leaves_nothing_on_either_host()
    {
        var file = VllmShim.WriteCluster(hosts.Cluster(WatchdogSeconds), hosts.Servers[0].Folder);
        using var owner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ssh-owner", file, "disaggregated"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var pids = await SshOwner.StartedAsync(owner);
        Assert.All(pids, pid => Assert.True(RunningOnMachines.IsAlive(pid)));
        var killed = Stopwatch.StartNew();
        owner.Kill();
        await RunningOnMachines.WaitAsync(() => !pids.Any(RunningOnMachines.IsAlive));
        FaultReport.Write("notebook's process killed (kill -9)", "nothing, it is dead", $"no process on either host after {killed.Elapsed.TotalSeconds:0.0} s with a watchdog of {WatchdogSeconds} s");
    }

    static async Task StreamingAsync(Deployment served)
    {
        for (var watch = Stopwatch.StartNew(); (await served.Engines[^1].Client.GetMetricsAsync()) is not { Running: 1, InterTokenLatency.Count: > 40 }; await Task.Delay(20))
            Assert.True(watch.Elapsed < Deadline, "Nothing streams.");
    }
}
