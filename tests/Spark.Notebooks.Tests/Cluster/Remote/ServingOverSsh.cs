using System.Diagnostics;

namespace Spark.Notebooks.Tests;

/// <summary>Two machines, both of them this one behind a real sshd, whose <c>vllm</c> is spark-engine.</summary>
public sealed class ServingOverSsh : IAsyncLifetime
{
    SshServer server = null!;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task All_architectures_serve_load_give_the_same_answers_and_leave_nothing()
    {
        await using var cluster = Open(VllmShim.Cluster(server, watchdogSeconds: 20));
        var all = await cluster.ServeSideBySideAsync([Topology.Single, Topology.Replicated(2), Topology.Disaggregated(1, 1)], VllmShim.Knobs);
        var workload = await Workload.FromTextAsync(all[0], VllmShim.Knobs);
        foreach (var architecture in all)
        {
            var run = await LoadRun.ClosedLoopAsync(architecture, workload, concurrency: 2);
            Assert.True(run.Cpu is { Engines.Count: 0, Others: null }, "An engine on this very machine is not told from other programs.");
            Assert.Equal([], run.Requests.Select(request => request.Error).OfType<string>());
            Assert.Equal((6, 0, true), (run.Completed, run.Fallbacks, run.IdentityProven));
            Assert.Equal(architecture.Topology.IsDisaggregated, run.Metrics.Sum(engine => engine.BytesTransferred) > 0);
        }
        var same = await SameAnswers.CheckAsync(all, workload);
        Assert.True(same.Equal, same.ToText());
        Assert.All(all.SelectMany(served => served.Engines), engine => Assert.True(engine.Log.KvCacheTokens > 0));

        int[] pids = [.. all.SelectMany(served => served.Engines).SelectMany(Processes)];
        Assert.Equal(10, pids.Length);
        Assert.All(pids, pid => Assert.True(RunningOnMachines.IsAlive(pid)));
        await cluster.StopAllAsync();
        Assert.DoesNotContain(pids, RunningOnMachines.IsAlive);
    }

    [Fact]
    public async Task Killing_the_notebook_outright_leaves_nothing_on_the_machines()
    {
        var file = VllmShim.WriteCluster(VllmShim.Cluster(server), server.Folder);
        using var owner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ssh-owner", file, "disaggregated"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var pids = await SshOwner.StartedAsync(owner);
        Assert.All(pids, pid => Assert.True(RunningOnMachines.IsAlive(pid)));
        owner.Kill();
        await RunningOnMachines.WaitAsync(() => !pids.Any(RunningOnMachines.IsAlive));
    }

    [Fact]
    public async Task An_engine_that_ends_at_its_start_is_told_with_its_last_words()
    {
        var venv = VllmShim.Write(server.Folder, before: "echo 'torch.OutOfMemoryError: CUDA out of memory.' >&2; exit 1");
        await using var cluster = Open(VllmShim.Cluster(server, venv: venv));
        var error = await Assert.ThrowsAsync<EngineStartException>(() => cluster.ServeAsync(Topology.Single, VllmShim.Knobs));
        Assert.Contains("spark-0: the engine did not start: it ended with exit code 1", error.Message);
        Assert.Contains("CUDA out of memory", error.Message);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var cluster = Open(VllmShim.Cluster(server, venv: "/no/venv"));
        var error = await Assert.ThrowsAsync<NodeConnectionException>(() => cluster.ServeAsync(Topology.Single, VllmShim.Knobs));
        Assert.Contains("/no/venv/bin/vllm", error.Message);
    }

    [Fact]
    public async Task A_seat_that_another_process_has_is_refused_with_its_holder()
    {
        var file = VllmShim.Cluster(server);
        using var owner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ssh-owner", VllmShim.WriteCluster(file, server.Folder), "single"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var pids = await SshOwner.StartedAsync(owner);
        var error = await Assert.ThrowsAsync<NodeConnectionException>(() => RemoteAgent.OpenAsync(file.Machines[0], file, default));
        Assert.Contains($"seat 0 is taken by {Environment.UserName} on {Environment.MachineName}", error.Message);
        owner.Kill();
        await RunningOnMachines.WaitAsync(() => !pids.Any(RunningOnMachines.IsAlive));
    }

    static Cluster Open(ClusterFile file) => Cluster.Create($"{Guid.NewGuid()}", file, [], new("", []));

    // The engine, and the helper that its shim says it started.
    internal static IEnumerable<int> Processes(EngineInstance engine) =>
        [engine.Process.Id, .. engine.Process.Log.Lines.Where(line => line.StartsWith("helper ", StringComparison.Ordinal)).Select(line => int.Parse(line[7..]))];
}
