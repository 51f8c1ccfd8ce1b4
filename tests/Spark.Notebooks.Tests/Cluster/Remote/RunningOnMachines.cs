using System.Diagnostics;

namespace Spark.Notebooks.Tests;

public sealed class RunningOnMachines : IAsyncLifetime
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);
    SshServer server = null!;
    RemoteAgent agent = null!;
    ClusterFile file = null!;

    public async ValueTask InitializeAsync()
    {
        server = await SshServer.StartAsync();
        file = VllmShim.Cluster(server, venv: "/none");
        agent = await RemoteAgent.OpenAsync(file.Machines[0], file, default);
    }

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Output_and_exit_code_of_a_run_come_back()
    {
        await using var run = await StartAsync("echo out; echo err >&2; printf 'loading\\r'; exit 3");
        Assert.Equal(3, await run.Exited.WaitAsync(Deadline));
        Assert.Equal(["out", "err", "loading"], run.Log.Lines);
        Assert.Null(run.Lost);
    }

    [Fact]
    public async Task Variables_reach_the_run_and_no_command_line_shows_them()
    {
        const string secret = "hf_do'not\"show$me";
        await using var run = await StartAsync("printf '%s\\n' \"$HF_TOKEN\" >seen; cat seen; rm seen; sleep 60", new() { ["HF_TOKEN"] = secret });
        await WaitAsync(() => run.Log.Lines.Contains(secret));
        Assert.DoesNotContain(Directory.GetDirectories("/proc").Select(CommandLine), line => line.Contains("do'not", StringComparison.Ordinal));
        var kept = Directory.GetFiles(server.State, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "log");
        Assert.DoesNotContain(kept.Select(File.ReadAllText), text => text.Contains("do'not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_ends_every_process_of_the_run_and_none_besides()
    {
        using var bystander = Process.Start("sleep", "60");
        await using var run = await StartAsync("sleep 60 & (trap '' TERM; echo $!; exec sleep 61) & echo $!; wait");
        await WaitAsync(() => run.Log.Lines.Count == 2);
        int[] pids = [run.Id, .. run.Log.Lines.Select(int.Parse)];
        Assert.All(pids, pid => Assert.True(IsAlive(pid)));
        await run.DisposeAsync();
        Assert.DoesNotContain(pids, IsAlive);
        Assert.False(bystander.HasExited);
        bystander.Kill();
    }

    [Fact]
    public async Task A_pid_that_another_process_has_by_now_is_left_alone()
    {
        using var bystander = Process.Start("setsid", ["sleep", "60"]);
        await using var run = await StartAsync("exit 0");
        await run.Exited.WaitAsync(Deadline);
        var record = Path.Combine(server.State, "runs", Directory.GetDirectories(Path.Combine(server.State, "runs")).Select(Path.GetFileName).Single()!, "process");
        var fields = File.ReadAllText(record).Split(' ');
        File.WriteAllText(record, $"{bystander.Id} {fields[1]} {fields[2]}");
        await run.DisposeAsync();
        Assert.False(bystander.HasExited);
        bystander.Kill();
    }

    [Fact]
    public async Task A_run_ends_by_the_watchdog_when_nobody_is_heard_of()
    {
        var run = await StartAsync("sleep 300 & wait");
        var log = Path.Combine(Directory.GetDirectories(Path.Combine(server.State, "runs")).Single(), "log");
        await agent.DisposeAsync();
        await WaitAsync(() => !IsAlive(run.Id));
        Assert.Contains("the machine's watchdog ends it", File.ReadAllText(log));
        await run.DisposeAsync();
        Assert.NotNull(run.Lost);
    }

    [Fact]
    public async Task A_run_outlives_a_short_loss_of_the_connection_and_no_line_is_missing()
    {
        await using var run = await StartAsync("i=0; while [ $i -lt 40 ]; do echo line $i; i=$((i+1)); sleep 0.1; done");
        await WaitAsync(() => run.Log.Lines.Count > 5);
        await server.StopAsync();
        await server.ListenAsync();
        Assert.Equal(0, await run.Exited.WaitAsync(Deadline));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"line {i}"), run.Log.Lines);
    }

    [Fact]
    public async Task A_connection_that_stays_lost_is_said_and_waits_for_nobody()
    {
        var run = await StartAsync("sleep 300");
        await server.StopAsync();
        await run.Exited.WaitAsync(Deadline);
        Assert.Contains("nothing is heard of it: spark-0:", run.Lost);
        await run.DisposeAsync();
        await WaitAsync(() => !IsAlive(run.Id));
    }

    [Fact]
    public async Task A_start_that_is_asked_for_twice_happens_once()
    {
        var first = await agent.StartAsync("run-twice", ["sleep", "60"], [], default);
        Assert.Equal(first, await agent.StartAsync("run-twice", ["sleep", "60"], [], default));
        await agent.StopAsync("run-twice");
        Assert.False(IsAlive(first));
    }

    [Fact]
    public async Task Runs_of_this_process_are_not_leftovers()
    {
        await using var run = await StartAsync("sleep 60");
        Assert.Empty(await agent.OthersAsync());
    }

    [Fact]
    public async Task Ports_that_somebody_listens_on_are_seen() => Assert.Contains(server.Port, await agent.ListeningAsync(default));

    internal static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    internal static async Task WaitAsync(Func<bool> holds)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Delay(50))
            Assert.True(watch.Elapsed < Deadline, "It took too long.");
    }

    Task<RemoteProcess> StartAsync(string script, Dictionary<string, string>? variables = null) =>
        RemoteProcess.StartAsync(agent, $"run-{Guid.NewGuid().ToString("N")[..8]}", ["/bin/sh", "-c", script], variables ?? [], Path.Combine(server.Folder, $"{Guid.NewGuid():N}.log"), default);

    static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
