using System.Net;
using System.Net.Sockets;

namespace Spark.Notebooks.Tests;

/// <summary>Each fault gives one message that names the node, what happened and what to do, and leaves nothing running.</summary>
public sealed class FaultsOnAMachine : IAsyncLifetime
{
    SshServer server = null!;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task Another_host_key_is_refused_before_anything_is_sent()
    {
        SshServer.MakeKey(Path.Combine(server.Folder, "other"));
        File.WriteAllText(server.KnownHosts, $"[127.0.0.1]:{server.Port} {File.ReadAllText(Path.Combine(server.Folder, "other.pub"))}");
        var error = await FailAsync<NodeConnectionException>(VllmShim.Cluster(server));
        Assert.Matches("^spark-[01]: its host key has changed.*ssh-keygen -R", error);
        Assert.False(Directory.Exists(server.State));
        FaultReport.Write("wrong host key", error, "nothing was sent");
    }

    [Fact]
    public async Task A_refused_key_is_told_with_the_command_that_takes_it_there()
    {
        File.WriteAllText(Path.Combine(server.Folder, "authorized_keys"), "");
        var error = await FailAsync<NodeConnectionException>(VllmShim.Cluster(server));
        Assert.Matches("^spark-[01]: it does not accept the key .*ssh-copy-id", error);
        Assert.False(Directory.Exists(server.State));
        FaultReport.Write("key refused", error, "nothing was started");
    }

    [Fact]
    public async Task An_sshd_that_stops_during_a_run_costs_the_engines_and_both_are_told()
    {
        await using var cluster = Open(VllmShim.Cluster(server));
        var served = await cluster.ServeAsync(Topology.Disaggregated(1, 1), VllmShim.Knobs);
        int[] pids = [.. served.Engines.SelectMany(ServingOverSsh.Processes)];
        var workload = await Workload.FromTextAsync(served, requests: 1_000, promptTokens: 50, outputTokens: 16);
        var running = LoadRun.ClosedLoopAsync(served, workload, concurrency: 2);
        await Task.Delay(TimeSpan.FromSeconds(1));
        await server.StopAsync();
        var run = await running;
        Assert.True(run.Failed > 0);
        Assert.Matches(@"requests failed.* on .*spark-[01]", run.ToString());
        await RunningOnMachines.WaitAsync(() => !pids.Any(RunningOnMachines.IsAlive));
        var stopped = await cluster.StopAllAsync();
        // Both nodes are one machine here, which is named after the one that came to it first.
        Assert.Matches("(?s)on spark-0 .*: spark-[01]: 127.0.0.1 port .*on spark-1 .*: spark-[01]: 127.0.0.1 port ", stopped);
        Assert.Contains("Nothing else of", stopped);
        AssertNothingListens(served);
        FaultReport.Write("sshd stopped during a run", $"{run}\n{stopped}", "the machines' watchdogs ended every process");
    }

    [Fact]
    public async Task A_disk_without_room_for_the_agent_is_told_before_anything_starts()
    {
        using var disk = new FullDisk(server.State);
        disk.Fill();
        var error = await FailAsync<NodeConnectionException>(VllmShim.Cluster(server));
        Assert.Matches(@"^spark-[01]: its state folder.*No space left on device.*df -h", error);
        Assert.Equal(["filler"], Directory.GetFiles(server.State).Select(Path.GetFileName));
        FaultReport.Write("disk full at the start", error, "nothing was started, no file is left");
    }

    [Fact]
    public async Task A_disk_without_room_for_a_run_is_told_and_the_run_is_not_started()
    {
        using var disk = new FullDisk(server.State);
        var file = VllmShim.Cluster(server);
        await using var agent = await RemoteAgent.OpenAsync(file.Machines[0], file, default);
        disk.Fill();
        var marker = Path.Combine(server.Folder, "was-here");
        var error = (await Assert.ThrowsAsync<NodeConnectionException>(() => agent.StartAsync("run-full", ["touch", marker], [], default))).Message;
        Assert.Matches("^spark-0: .*is the disk full.*df -h", error);
        Assert.False(File.Exists(marker));
        FaultReport.Write("disk full when an engine is started", error, "nothing was started");
    }

    [Fact]
    public async Task A_run_that_cannot_be_recorded_is_ended()
    {
        using var disk = new FullDisk(server.State);
        var file = VllmShim.Cluster(server);
        await using var agent = await RemoteAgent.OpenAsync(file.Machines[0], file, default);
        var pid = Path.Combine(server.Folder, "pid");
        // The run's own log takes what was left before its record is written.
        var fills = $"echo $$ >{pid}; head -c 1M /dev/zero; exec sleep 60";
        try
        {
            await agent.StartAsync("run-fills", ["sh", "-c", fills], [], default);
        }
        catch (NodeConnectionException error)
        {
            Assert.Contains("is the disk full", error.Message);
            await RunningOnMachines.WaitAsync(() => !RunningOnMachines.IsAlive(int.Parse(File.ReadAllText(pid))));
            return;
        }
        // It came too late to keep the record from being written, and so it can be stopped.
        await agent.StopAsync("run-fills");
        Assert.False(RunningOnMachines.IsAlive(int.Parse(File.ReadAllText(pid))));
    }

    [Fact]
    public async Task A_disk_that_fills_up_while_engines_serve_costs_lines_of_the_log_and_no_request()
    {
        using var disk = new FullDisk(server.State);
        // To the last byte, by what the run itself writes before its engine's first line.
        await using var cluster = Open(VllmShim.Cluster(server, venv: VllmShim.Write(server.Folder, before: "sleep 1; yes '' | head -c 1M")));
        var served = await cluster.ServeAsync(Topology.Single, VllmShim.Knobs);
        Assert.Null(served.Engines[0].Log.KvCacheTokens);
        // Longer than the watchdog's period and than the engine's interval between two lines.
        var workload = await Workload.FromTextAsync(served, requests: 48, promptTokens: 50, outputTokens: 16);
        var run = await LoadRun.OpenLoopAsync(served, workload, requestsPerSecond: 4, constant: true);
        Assert.Equal((48, true), (run.Completed, served.IsRunning));
        int[] pids = [.. served.Engines.SelectMany(ServingOverSsh.Processes)];
        var stopped = await cluster.StopAllAsync();
        Assert.Contains("stopped", stopped);
        Assert.DoesNotContain(pids, RunningOnMachines.IsAlive);
        FaultReport.Write("disk full while engines serve", $"{run}\n{stopped}", "nothing");
    }

    [Fact]
    public async Task A_full_disk_here_costs_the_copy_of_a_log_and_not_its_lines()
    {
        using var disk = new FullDisk(Path.Combine(server.Folder, "here"));
        var file = VllmShim.Cluster(server);
        await using var agent = await RemoteAgent.OpenAsync(file.Machines[0], file, default);
        disk.Fill();
        await using var run = await RemoteProcess.StartAsync(agent, "run-told", ["sh", "-c", "echo one; sleep 1; echo two; exit 3"], [], Path.Combine(server.Folder, "here", "log"), default);
        Assert.Equal(3, await run.Exited);
        Assert.Equal(["one", "two"], run.Log.Lines);
        Assert.Null(run.Lost);
    }

    [Theory]
    [InlineData("bad flag", "set -- \"$@\" --no-such-flag", 0.3, "--no-such-flag")]
    [InlineData("out of memory", "", 0.02, "memory")]
    public async Task An_engine_that_ends_at_its_start_is_told_in_its_own_words(string fault, string before, double utilization, string words)
    {
        var file = VllmShim.Cluster(server, venv: VllmShim.Write(server.Folder, before: before));
        var error = await FailAsync<EngineStartException>(file, VllmShim.Knobs with { GpuMemoryUtilization = utilization });
        Assert.Matches("^spark-0: the engine did not start: it ended with exit code [12]", error);
        Assert.Contains(words, error);
        FaultReport.Write($"vllm ends at its start: {fault}", error, "nothing");
    }

    [Fact]
    public async Task A_port_that_another_process_holds_is_told_when_there_is_no_other()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var file = VllmShim.Cluster(server);
        var error = await FailAsync<IOException>(file with { Machines = [file.Machines[0] with { Ports = $"{port}" }] });
        Assert.Matches($"^spark-0: other processes hold port {port} there, of which 1 must be free.*ss -ltnp", error);
        FaultReport.Write("port held by another process", error, "nothing was started");
    }

    [Fact]
    public async Task A_port_that_is_taken_while_the_engine_starts_is_given_up_for_another()
    {
        var (starting, go) = (Path.Combine(server.Folder, "starting"), Path.Combine(server.Folder, "go"));
        var file = VllmShim.Cluster(server, venv: VllmShim.Write(server.Folder, before: $"touch {starting}; until [ -e {go} ]; do sleep 0.1; done"));
        await using var cluster = Open(file);
        var serving = cluster.ServeAsync(Topology.Single, VllmShim.Knobs);
        await RunningOnMachines.WaitAsync(() => File.Exists(starting));
        using var holder = new TcpListener(IPAddress.Loopback, PortRange.Parse(file.Machines[0].Ports).First);
        holder.Start();
        File.WriteAllText(go, "");
        var served = await serving;
        Assert.NotEqual(((IPEndPoint)holder.LocalEndpoint).Port, served.Engines[0].Address.Address.Port);
        await cluster.StopAllAsync();
        AssertNothingListens(served);
        FaultReport.Write("port taken while the engine starts", "nothing: the engine is started again on the next port of the range", "nothing");
    }

    internal static Cluster Open(ClusterFile file) => Cluster.Create($"{Guid.NewGuid()}", file, [], new("", []));

    async Task<string> FailAsync<T>(ClusterFile file, Knobs? knobs = null) where T : Exception
    {
        await using var cluster = Open(file);
        var error = await Assert.ThrowsAsync<T>(() => cluster.ServeAsync(Topology.Single, knobs ?? VllmShim.Knobs));
        var log = Path.Combine(server.State, "runs");
        var records = Directory.Exists(log) ? Directory.GetFiles(log, "process", SearchOption.AllDirectories) : [];
        Assert.DoesNotContain(records.Select(record => int.Parse(File.ReadAllText(record).Split(' ')[0])), RunningOnMachines.IsAlive);
        return error.Message;
    }

    static void AssertNothingListens(Deployment served) => Assert.All(served.Engines, engine => Assert.False(PortRange.IsListening(engine.Address.Address.Port)));
}
