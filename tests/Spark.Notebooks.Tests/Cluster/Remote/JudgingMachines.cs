namespace Spark.Notebooks.Tests;

/// <summary>The rows of the environment report for a machine over SSH.</summary>
public class JudgingMachines
{
    static readonly EnvironmentKnobs Knobs = new();

    public static TheoryData<string, CheckStatus, Func<MachineReadings, MachineReadings>, string> Bad { get; } = new()
    {
        { "GPU", CheckStatus.Fail, machine => machine with { Gpus = [] }, "nvidia-smi" },
        { "GPU driver", CheckStatus.Warn, Other(other => other with { Gpus = [other.Gpus[0] with { Driver = "570.1" }] }), "same driver" },
        { "CUDA", CheckStatus.Fail, machine => machine with { DriverCuda = "12.9" }, "driver for CUDA 13" },
        { "CUDA", CheckStatus.Warn, Other(other => other with { Packages = new Dictionary<string, string> { ["torch"] = "2.8.0" } }), "same torch" },
        { "vLLM", CheckStatus.Fail, Other(other => other with { Vllm = new(0, 14, 0) }), "same vLLM" },
        { "vLLM", CheckStatus.Fail, machine => machine with { Vllm = null, VllmProblem = "vLLM 0.12.0 is too old" }, "too old" },
        { "NIXL", CheckStatus.Fail, machine => machine with { Packages = new Dictionary<string, string>() }, "pip install" },
        { "NIXL", CheckStatus.Warn, machine => machine with { Packages = new Dictionary<string, string> { ["nixl_cu12"] = "1.3.2", ["nixl_cu13"] = "1.3.2" } }, "two CUDA versions" },
        { "NIXL", CheckStatus.Fail, Other(other => other with { Packages = new Dictionary<string, string> { ["nixl"] = "1.0.0" } }), "same NIXL" },
        { "UCX", CheckStatus.Warn, Other(other => other with { Ucx = "1.19.0" }), "same UCX" },
        { "UCX", CheckStatus.Warn, machine => machine with { Ucx = null }, "same UCX" },
        { "fabric address", CheckStatus.Fail, machine => machine with { InterfaceMtu = null }, "fabricInterface" },
        { "fabric address", CheckStatus.Fail, machine => machine with { InterfaceState = "down" }, "ip link set enp1s0f1np1 up" },
        { "fabric address", CheckStatus.Fail, machine => machine with { InterfaceAddresses = ["192.168.100.12"] }, "netplan" },
        { "fabric address", CheckStatus.Warn, machine => machine with { InterfaceAddresses = [] }, "192.168.100.10" },
        { "RoCE", CheckStatus.Warn, machine => machine with { RdmaPorts = [] }, "mlx5_ib" },
        { "RoCE", CheckStatus.Fail, machine => machine with { RdmaDevices = "rocep9s0f1:1" }, "ibdev2netdev" },
        { "RoCE", CheckStatus.Fail, machine => machine with { RdmaDevices = "rocep1s0f0" }, "cable" },
        { "RoCE", CheckStatus.Warn, machine => machine with { RdmaDevices = null, FabricInterface = "enP7s7" }, "rdmaDevices" },
        { "RoCE", CheckStatus.Warn, machine => machine with { RdmaPorts = [.. machine.RdmaPorts.Select(port => port with { Gids = [] })] }, "subnet" },
        { "MTU", CheckStatus.Warn, machine => machine with { InterfaceMtu = 1500, Others = [machine.Others[0] with { InterfaceMtu = 1500 }] }, "mtu 9000" },
        { "MTU", CheckStatus.Fail, Other(other => other with { InterfaceMtu = 1500 }), "drop large packets" },
        { "MTU", CheckStatus.Fail, Other(other => other with { RdmaPorts = [.. other.RdmaPorts.Select(port => port with { ActiveMtu = 1024 })] }), "RoCE MTU" },
        { "model files", CheckStatus.Fail, machine => machine with { Model = machine.Model with { Problems = ["config.json is missing"] } }, "hf download" },
        { "disk", CheckStatus.Warn, machine => machine with { StateDiskFree = ByteSize.FromMiB(1) }, "Make room" },
        { "clock", CheckStatus.Warn, machine => machine with { Clock = new(TimeSpan.FromSeconds(-2), TimeSpan.FromMilliseconds(1)) }, "Only logs" },
        { "leftovers of earlier runs", CheckStatus.Warn, machine => machine with { Runs = [new("spark-0", "run-1", 42, "laptop-7-a", IsDriven: true)] }, "at work" },
        { "leftovers of earlier runs", CheckStatus.Warn, machine => machine with { Runs = [new("spark-0", "run-1", 42, "laptop-7-a", IsDriven: false)] }, "StopLeftoversAsync" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_reading_is_found_and_comes_with_what_to_do(string check, CheckStatus status, Func<MachineReadings, MachineReadings> spoil, string fix)
    {
        var row = Row(check, SparkReadings.Good with { Remote = spoil(SparkReadings.Good.Remote!) });
        Assert.Equal(status, row.Status);
        Assert.Contains(fix, row.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_readings_pass_without_advice_and_rows_of_local_nodes_say_why_they_do_not_apply()
    {
        var report = Report(SparkReadings.Good);
        Assert.Equal("", string.Join(" ", report.Rows.Select(row => row.Fix)).Trim());
        Assert.Equal(
            [".NET", "vectors", "own cores", "KV mirror", "engine"],
            report.Rows.Where(row => row.Status == CheckStatus.NotApplicable && !row.Findings.Contains(Finding.NotMeasured)).Select(row => row.Check));
        Assert.All(report.Rows.SelectMany(row => row.Findings), finding => Assert.DoesNotContain("on spark only", finding.Found, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_row_for_machines_can_find_something_amiss()
    {
        var told = Bad.Select(row => row.Data.Item1).ToHashSet();
        var elsewhere = new[] { "operating system", "processor", "memory", "KV mirror", "open files", "ports", "PCIe halves", "RDMA tools" };   // below, or they only tell
        Assert.All(Report(SparkReadings.Good).Rows.Where(row => row.Status == CheckStatus.Pass), row => Assert.True(told.Contains(row.Check) || elsewhere.Contains(row.Check), row.Check));
    }

    [Fact]
    public void Memory_that_vLLM_would_not_find_free_fails_in_its_words()
    {
        var row = Row("memory", SparkReadings.Good with { MemoryFree = ByteSize.FromGiB(20) });
        Assert.Equal(CheckStatus.Fail, row.Status);
        Assert.Contains("20 GiB free of 119.7 GiB; vLLM asks for 0.3 of it, 35.91 GiB", row.Findings[0].Found, StringComparison.Ordinal);
        Assert.Contains("less than desired GPU memory utilization", row.Fix, StringComparison.Ordinal);
        Assert.Contains("drop_caches", row.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_with_memory_of_its_own_is_judged_by_that()
    {
        var own = SparkReadings.Good with
        {
            MemoryFree = ByteSize.FromGiB(1),
            Remote = SparkReadings.Good.Remote! with { Gpus = [Gpu.Parse("NVIDIA H100 PCIe, 570.1, 81559 MiB, 81000 MiB")!] },
        };
        Assert.Equal(CheckStatus.Pass, Row("memory", own).Status);
    }

    [Fact]
    public void A_KV_mirror_is_counted_on_top_of_the_share_that_holds_the_cache()
    {
        var mirrored = SparkReadings.Good with { Remote = SparkReadings.Good.Remote! with { KvBufferDevice = "cpu" } };
        var row = Row("KV mirror", mirrored);
        Assert.Equal(CheckStatus.Pass, row.Status);
        // 0.3 × 119.7 GiB − 14.96 GiB of weights = 20.95 GiB, beside the 35.91 GiB that hold the first copy
        Assert.Contains("= 20.95 GiB, and as much again; 56.86 GiB of 112 GiB free", row.Findings[0].Found, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Fail, Row("KV mirror", mirrored with { MemoryFree = ByteSize.FromGiB(40) }).Status);
        Assert.Equal(CheckStatus.Pass, Row("memory", mirrored with { MemoryFree = ByteSize.FromGiB(40) }).Status);
    }

    [Fact]
    public void Few_open_files_and_taken_ports_are_told_for_the_machine_and_not_for_this_side()
    {
        Assert.Contains("limits.conf", Row("open files", SparkReadings.Good with { OpenFiles = new(1024, 4096) }).Fix, StringComparison.Ordinal);
        Assert.Contains("another seat", Row("ports", SparkReadings.Good with { FreePort = null }).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_half_of_a_port_that_is_not_in_use_is_named_with_its_PCIe_link()
    {
        Assert.StartsWith("both in use: rocep1s0f1:1 on PCIe 0000:01:00.1, x4 at 32.0 GT/s; roceP2p1s0f1:1 on PCIe 0002:01:00.1", Row("PCIe halves", SparkReadings.Good).Findings[0].Found, StringComparison.Ordinal);
        var half = SparkReadings.Good with { Remote = SparkReadings.Good.Remote! with { RdmaDevices = "rocep1s0f1:1" } };
        Assert.Contains("rdmaDevices \"rocep1s0f1:1,roceP2p1s0f1:1\" takes both", Row("PCIe halves", half).Findings[0].Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_that_nobody_named_are_those_of_the_fabrics_interface() =>
        Assert.Equal(["rocep1s0f1:1"], (SparkReadings.Good.Remote! with { RdmaDevices = null }).UsedPorts.Select(port => port.Name));

    static Func<MachineReadings, MachineReadings> Other(Func<MachineReadings, MachineReadings> spoil) => machine => machine with { Others = [spoil(machine.Others[0])] };

    static EnvironmentRow Row(string check, NodeReadings node) => Report(node).Rows.Single(row => row.Check == check);

    static EnvironmentReport Report(NodeReadings node) => new() { Cluster = "spark", Nodes = [node], Knobs = Knobs };
}
