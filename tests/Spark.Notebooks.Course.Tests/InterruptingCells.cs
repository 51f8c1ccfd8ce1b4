namespace Spark.Notebooks.Course.Tests;

/// <summary>What a learner's interrupt leaves of work that a cell has asked the library for.</summary>
public sealed class InterruptingCells : IDisposable
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(1);
    readonly LiveKernel kernel;

    public InterruptingCells()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        kernel = new LiveKernel();
        kernel.Run("var cluster = await Cluster.OpenAsync(\"local\");\nvar knobs = new Knobs { Requests = 8, PromptTokens = 64, OutputTokens = 64 };");
    }

    public void Dispose() => kernel.Dispose();

    [Fact]
    public void A_load_sweep_ends_with_its_requests_and_the_engines_and_variables_stay()
    {
        kernel.Run("var pair = await cluster.ServeAsync(Topology.Disaggregated(1, 1), knobs);\nvar load = await Workload.FromTextAsync(pair, knobs);");
        var sweep = kernel.Begin("var sweep = await ConcurrencySweep.RunAsync([1, 2, 4], repeats: 10_000, n => LoadRun.ClosedLoopAsync(pair, load, n));");
        kernel.WaitFor(sweep, cell => cell.Text.ToString().Contains("concurrency 4: 8 requests", StringComparison.Ordinal));
        kernel.Interrupt();
        kernel.Finish(sweep);
        Assert.Equal("Interrupted: the cell was interrupted", sweep.Error);

        var after = kernel.Run("var counts = await pair.MetricsAsync();\n$\"{load.Requests.Count} requests, {counts.Sum(engine => engine.Running + engine.Waiting)} at work, {pair.IsRunning}\"");
        Assert.Equal("8 requests, 0 at work, True", after);
        Assert.Equal(2, OtherProcesses.ChildrenOf(kernel.ProcessId).Length);
        kernel.Run("var again = await LoadRun.ClosedLoopAsync(pair, load, 2);");
        Assert.Equal("8 of 8", kernel.Run("$\"{again.Completed} of {again.Requests.Count}\""));
    }

    [Fact]
    public async Task Engines_that_are_starting_are_gone_with_their_ports_and_start_again_when_asked()
    {
        var start = kernel.Begin("var all = await cluster.ServeSideBySideAsync([Topology.Replicated(2), Topology.Disaggregated(1, 1)], knobs);");
        await OtherProcesses.WaitAsync(() => OtherProcesses.ChildrenOf(kernel.ProcessId).Length == 2, StartDeadline);
        var engines = OtherProcesses.ChildrenOf(kernel.ProcessId);
        var ports = engines.SelectMany(OtherProcesses.PortsOf).ToArray();
        kernel.Interrupt();
        kernel.Finish(start);

        Assert.Equal("Interrupted: the cell was interrupted", start.Error);
        Assert.Empty(OtherProcesses.ChildrenOf(kernel.ProcessId));
        Assert.DoesNotContain(ports, OtherProcesses.IsListening);
        Assert.Equal("Nothing of local was running.", kernel.Run("await cluster.StopAllAsync()"));
        kernel.Run("all = await cluster.ServeSideBySideAsync([Topology.Replicated(2), Topology.Disaggregated(1, 1)], knobs);");
        Assert.Equal("4 engines", kernel.Run("$\"{all.Sum(served => served.Engines.Count(engine => served.IsRunning))} engines\""));
    }

    [Fact]
    public async Task What_has_come_up_goes_too_when_a_later_engine_is_interrupted()
    {
        var start = kernel.Begin("var all = await cluster.ServeSideBySideAsync([Topology.Replicated(2), Topology.Disaggregated(1, 1)], knobs);");
        kernel.WaitFor(start, cell => cell.Text.ToString().Split("ready at").Length == 3);
        await OtherProcesses.WaitAsync(() => OtherProcesses.ChildrenOf(kernel.ProcessId).Length == 4, StartDeadline);
        kernel.Interrupt();
        kernel.Finish(start);
        Assert.Equal("Interrupted: the cell was interrupted", start.Error);
        Assert.Empty(OtherProcesses.ChildrenOf(kernel.ProcessId));
    }
}
