namespace Spark.Notebooks.Course.Tests;

/// <summary>What is left of a cluster when its notebook's process ends with no chance to clean up.</summary>
public sealed class KillingTheKernel(ITestOutputHelper log)
{
    static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Killed_while_load_flows_it_leaves_no_process_and_no_port_within_ten_seconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        using var kernel = new KernelWithACluster();
        var running = await kernel.ServingAsync();
        Assert.Equal((2, 5, 4, true), (running.Pids.Length, running.Ports.Length, running.Completed, running.Proven));
        Assert.All(running.Pids, pid => Assert.True(OtherProcesses.IsRunning(pid)));
        Assert.All(running.Ports, port => Assert.True(OtherProcesses.IsListening(port)));

        await kernel.KillAsync();
        var took = await OtherProcesses.WaitAsync(() => !running.Pids.Any(OtherProcesses.IsRunning) && !running.Ports.Any(OtherProcesses.IsListening), Promise);
        log.WriteLine($"gone after {took.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Killed_while_engines_start_it_leaves_no_process_within_ten_seconds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        using var kernel = new KernelWithACluster();
        await kernel.StartingAsync();
        int[] children = [];
        await OtherProcesses.WaitAsync(() => (children = kernel.Children()).Length >= 2, Promise);

        await kernel.KillAsync();
        await OtherProcesses.WaitAsync(() => !children.Any(OtherProcesses.IsRunning), Promise);
    }

    [Fact]
    public async Task Two_courses_on_one_machine_do_not_collide()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        using var one = new KernelWithACluster();
        using var other = new KernelWithACluster();
        var (first, second) = (await one.ServingAsync(), await other.ServingAsync());
        Assert.Empty(first.Ports.Intersect(second.Ports));
        Assert.True(first.Proven && second.Proven);

        await one.KillAsync();
        await OtherProcesses.WaitAsync(() => !first.Pids.Any(OtherProcesses.IsRunning), Promise);
        Assert.All(second.Pids, pid => Assert.True(OtherProcesses.IsRunning(pid)));
        await other.KillAsync();
        await OtherProcesses.WaitAsync(() => !second.Pids.Any(OtherProcesses.IsRunning), Promise);
    }
}
