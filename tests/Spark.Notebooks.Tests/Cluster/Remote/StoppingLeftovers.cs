using System.Diagnostics;

namespace Spark.Notebooks.Tests;

/// <summary>Runs that other notebooks of the same user left on a machine, or are at work with.</summary>
public sealed class StoppingLeftovers : IAsyncLifetime
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    SshServer server = null!;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task Runs_of_a_notebook_that_is_gone_are_stopped_and_those_of_one_at_work_are_left_alone()
    {
        var (gone, lost) = await OwnAsync(VllmShim.Cluster(server, watchdogSeconds: 120, seat: 1));
        var (working, kept) = await OwnAsync(VllmShim.Cluster(server, watchdogSeconds: 120, seat: 2));
        using var _ = gone;
        using var __ = working;
        gone.Kill();
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", VllmShim.Cluster(server, watchdogSeconds: 120), [], new("", []));
        var agent = await cluster.Machines[0].AgentAsync();
        while ((await agent.OthersAsync()).Count(run => run.IsDriven) != 1)
            await Task.Delay(100, TestContext.Current.CancellationToken);

        var report = await EnvironmentReport.OfAsync(cluster);
        Assert.Contains("StopLeftoversAsync", report.Rows.Single(row => row.Check == "leftovers of earlier runs").Fix);
        var said = await cluster.StopLeftoversAsync();
        Assert.Contains($"(pid {lost})", said.Split('\n').Single(line => line.EndsWith("which is gone: stopped.", StringComparison.Ordinal)));
        Assert.Contains($"(pid {kept})", said.Split('\n').First(line => line.EndsWith("which is at work: left alone.", StringComparison.Ordinal)));
        Assert.False(RunningOnMachines.IsAlive(lost));
        Assert.True(RunningOnMachines.IsAlive(kept));

        working.Kill();
        while ((await agent.OthersAsync()).Any(run => run.IsDriven))
            await Task.Delay(100, TestContext.Current.CancellationToken);
        await cluster.StopLeftoversAsync();
        Assert.False(RunningOnMachines.IsAlive(kept));
        Assert.StartsWith("No run of another notebook", await cluster.StopLeftoversAsync());
    }

    async Task<(Process Owner, int Pid)> OwnAsync(ClusterFile file)
    {
        var owner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ssh-owner", VllmShim.WriteCluster(file, server.Folder), "single"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        string? line;
        do
            line = await owner.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        while (line is not null && !line.StartsWith("started ", StringComparison.Ordinal));
        return (owner, int.Parse(line!.Split(' ')[1]));
    }
}
