using System.Globalization;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A learner who runs the same cells over and over with other knobs, in one kernel.</summary>
public sealed class TurningKnobs(ITestOutputHelper log)
{
    // The compiler keeps about 0.4 MB of every cell that has run, here 35 cells from the third turn to the tenth; engines and runs of earlier turns must keep nothing.
    const long MostHeapGrowthBytes = 24 << 20;
    const long MostResidentGrowthBytes = 96 << 20;

    static readonly (string Topology, string Knobs, int Concurrency)[] Turns =
    [
        ("Topology.Single", "GpuMemoryUtilization = 0.1", 1),
        ("Topology.Single", "GpuMemoryUtilization = 0.3", 16),
        ("Topology.Disaggregated(1, 1)", "GpuMemoryUtilization = 0.3, Transport = \"shm\"", 4),
        ("Topology.Disaggregated(1, 1)", "GpuMemoryUtilization = 0.3, Transport = \"tcp\"", 4),
        ("Topology.Single", "GpuMemoryUtilization = 0.5", 1),
        ("Topology.Replicated(2)", "GpuMemoryUtilization = 0.1, Policy = \"least-requests\"", 16),
        ("Topology.Disaggregated(1, 1)", "GpuMemoryUtilization = 0.5, Transport = \"tcp\"", 16),
        ("Topology.Single.BehindGateway()", "GpuMemoryUtilization = 0.1, MaxNumBatchedTokens = 128", 4),
        ("Topology.Disaggregated(1, 1)", "GpuMemoryUtilization = 0.1, Transport = \"shm\"", 1),
        ("Topology.Replicated(2)", "GpuMemoryUtilization = 0.3", 4),
    ];

    [Fact]
    public void Ten_turns_in_any_order_clash_on_no_port_leave_no_process_and_do_not_grow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        using var kernel = new LiveKernel();
        kernel.Run("var cluster = await Cluster.OpenAsync(\"local\");");
        var earlierPorts = Array.Empty<int>();
        var heaps = new List<long>();
        var residents = new List<long>();
        foreach (var (topology, knobs, concurrency) in Turns)
        {
            kernel.Run($"var knobs = new Knobs {{ {knobs}, Requests = 16, PromptTokens = 48, OutputTokens = 16 }};");
            kernel.Run($"var served = await cluster.ServeAsync({topology}, knobs);");
            kernel.Run($"var load = await Workload.FromTextAsync(served, knobs);\nvar run = await LoadRun.ClosedLoopAsync(served, load, {concurrency});\ndisplay(run.Summary());\nCharts.Timeline(run)");
            Assert.Equal($"16 of 16, proven True, agree True, {topology}", kernel.Run($"$\"{{run.Completed}} of {{run.Requests.Count}}, proven {{run.IdentityProven}}, agree {{run.EnginesAgree}}, {topology.Replace("\"", "\\\"", StringComparison.Ordinal)}\""));

            var engines = OtherProcesses.ChildrenOf(kernel.ProcessId);
            Assert.Equal(topology.Contains("Single", StringComparison.Ordinal) ? 1 : 2, engines.Length);
            var ports = engines.Append(kernel.ProcessId).SelectMany(OtherProcesses.PortsOf).ToArray();
            Assert.DoesNotContain(earlierPorts.Except(ports), OtherProcesses.IsListening);
            earlierPorts = ports;
            heaps.Add(long.Parse(kernel.Run("$\"{GC.GetTotalMemory(forceFullCollection: true)}\""), CultureInfo.InvariantCulture));
            residents.Add(OtherProcesses.ResidentBytes(kernel.ProcessId));
            log.WriteLine($"{topology} {{ {knobs} }} × {concurrency}: {engines.Length} engines, {ports.Length} ports, heap {heaps[^1] >> 10:N0} KiB, resident {residents[^1] >> 20} MiB");
        }
        Assert.InRange(heaps[^1] - heaps.Skip(2).Min(), 0, MostHeapGrowthBytes);
        Assert.InRange(residents[9] - residents[2], long.MinValue, MostResidentGrowthBytes);

        kernel.Run("await cluster.StopAllAsync()");
        Assert.Empty(OtherProcesses.ChildrenOf(kernel.ProcessId));
    }
}
