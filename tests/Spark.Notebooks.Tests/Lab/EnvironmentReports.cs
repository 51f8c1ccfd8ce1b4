using System.Text.Json;

namespace Spark.Notebooks.Tests;

public class EnvironmentReports
{
    static readonly EnvironmentKnobs Knobs = new();

    static readonly NodeReadings Good = new()
    {
        Node = "node-0",
        Machine = new() { Cpu = "a core", LogicalCores = 2, Os = "Linux", Runtime = ".NET 10", SimdBits = 512 },
        Cores = "0",
        MemoryTotal = ByteSize.FromGiB(8),
        MemoryFree = ByteSize.FromGiB(6),
        DeclaredMemory = ByteSize.FromGiB(2),
        OpenFiles = new(8192, 8192),
        Ports = "any free port",
        FreePort = 40_000,
        Leftovers = [],
        Model = new("/models/tales", ByteSize.FromMiB(47), 74, []),
        EngineVersion = new(1, 0, 0),
        LibraryVersion = new(1, 0, 0),
        Configuration = "Release",
        Dotnet = new(10, 0, 1),
        DiskFree = ByteSize.FromGiB(5),
        ClockStepNanoseconds = 20,
        Ceilings = Samples.Ceilings,
        Alone = Samples.Rates("node-0"),
        Together = Samples.Rates("node-0"),
        Links = [Samples.Link("tcp", 50) with { To = "node-0" }, Samples.Link("shm", 1) with { To = "node-0" }],
    };

    public static TheoryData<string, CheckStatus, Func<NodeReadings, NodeReadings>, string> Bad { get; } = new()
    {
        { ".NET", CheckStatus.Fail, node => node with { Dotnet = new(9, 0) }, "Install" },
        { "operating system", CheckStatus.Warn, node => node with { Machine = node.Machine with { Os = "Darwin 25" } }, "macOS" },
        { "vectors", CheckStatus.Warn, node => node with { Machine = node.Machine with { SimdBits = 128 } }, "slower" },
        { "vectors", CheckStatus.Fail, node => node with { Machine = node.Machine with { SimdBits = 0 } }, "DOTNET_EnableHWIntrinsic" },
        { "own cores", CheckStatus.Warn, node => node with { CoreNeighbours = ["node-1"] }, "cores of its own" },
        { "own cores", CheckStatus.Warn, node => node with { Cores = null }, "care" },
        { "memory", CheckStatus.Fail, node => node with { DeclaredMemory = ByteSize.FromGiB(9) }, "deviceMemory" },
        { "memory", CheckStatus.Warn, node => node with { DeclaredMemory = ByteSize.FromGiB(7) }, "Close other programs" },
        { "open files", CheckStatus.Warn, node => node with { OpenFiles = new(1024, 1_048_576) }, "ulimit -n 4096" },
        { "open files", CheckStatus.Warn, node => node with { OpenFiles = new(1024, 1024) }, "hard limit" },
        { "ports", CheckStatus.Fail, node => node with { FreePort = null }, "auto" },
        { "leftovers of earlier runs", CheckStatus.Warn, node => node with { Leftovers = [new(4242, "run-0badcafe", 1)] }, "kill 4242" },
        { "model files", CheckStatus.Fail, node => node with { Model = node.Model! with { Problems = ["model.safetensors is missing"] } }, "Get the files again" },
        { "engine", CheckStatus.Fail, node => node with { EngineVersion = null, EngineProblem = "no spark-engine" }, "dotnet build" },
        { "engine", CheckStatus.Fail, node => node with { EngineVersion = new(0, 9, 0) }, "Build both" },
        { "engine", CheckStatus.Warn, node => node with { Configuration = "Debug" }, "-c Release" },
        { "disk", CheckStatus.Warn, node => node with { DiskFree = ByteSize.FromMiB(1) }, "Make room" },
        { "disk", CheckStatus.Fail, node => node with { DiskProblem = "read-only" }, "data/results" },
        { "clock", CheckStatus.Warn, node => node with { ClockStepNanoseconds = 1e6 }, "medians" },
        { "ceilings (measured)", CheckStatus.Warn, node => node with { Ceilings = node.Ceilings! with { Pinned = false } }, "pin" },
        { "steadiness (measured)", CheckStatus.Warn, node => node with { Alone = Samples.Rates("node-0", 1, 0.4) }, "Other programs" },
        { "all nodes at once (measured)", CheckStatus.Warn, node => node with { Together = Samples.Rates("node-0", 0.5) }, "share a physical core" },
        { "all nodes at once (measured)", CheckStatus.Warn, node => node with { Together = node.Alone! with { ReadBytesPerSecond = Samples.Rates("", 0.5).ReadBytesPerSecond } }, "memory's bandwidth" },
        { "all nodes at once (measured)", CheckStatus.Warn, node => node with { Together = Samples.Rates("node-0", 2) }, "run this again" },
        { "tcp between nodes (measured)", CheckStatus.Warn, node => node with { Links = [Samples.Link("tcp", 5000) with { To = "node-0" }] }, "busy" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_reading_is_found_and_comes_with_what_to_do(string check, CheckStatus status, Func<NodeReadings, NodeReadings> spoil, string fix)
    {
        var row = Report(spoil(Good)).Rows.Single(row => row.Check == check);
        Assert.Equal(status, row.Status);
        Assert.Contains(fix, row.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_readings_pass_without_advice_and_GPU_rows_do_not_apply()
    {
        var report = Report(Good);
        Assert.Equal(CheckStatus.Pass, report.Status);
        Assert.All(report.Rows, row => Assert.Equal("", row.Fix));
        Assert.Equal(["KV mirror", "GPU", "GPU driver", "CUDA", "vLLM", "NIXL", "UCX", "fabric address", "RoCE", "PCIe halves", "MTU", "RDMA tools"], report.Rows.Where(row => row.Status == CheckStatus.NotApplicable).Select(row => row.Check));
    }

    [Fact]
    public void Every_check_that_applies_can_find_something_amiss()
    {
        var told = Bad.Select(row => row.Data.Item1).ToHashSet();
        var neverAmiss = new[] { "processor", "shm between nodes (measured)" };   // the first only tells, the second is judged as tcp is
        Assert.All(Report(Good).Rows.Where(row => row.Status == CheckStatus.Pass), row => Assert.True(told.Contains(row.Check) || neverAmiss.Contains(row.Check), row.Check));
    }

    [Fact]
    public void One_bad_node_decides_about_the_row_and_the_report()
    {
        var report = Report(Good, Good with { Node = "node-1", FreePort = null });
        Assert.Equal(CheckStatus.Fail, report.Status);
        Assert.Contains("1 fail", report.ToText(), StringComparison.Ordinal);
        Assert.Contains("ports", report.OnlyAmiss.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("vectors", report.OnlyAmiss.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task This_machine_can_be_read_without_measuring()
    {
        await using var cluster = await Cluster.OpenAsync("local");
        var report = await EnvironmentReport.OfAsync(cluster);
        Assert.Equal(cluster.Nodes.Select(node => node.Name), report.Nodes.Select(node => node.Node));
        Assert.Empty(report.Nodes[0].Model!.Problems);
        Assert.Equal(ShapeFiles.Tales.WeightBytes, report.Nodes[0].Model!.Weights);
        Assert.All(["model files", "engine", ".NET"], check => Assert.Equal(CheckStatus.Pass, report.Rows.Single(row => row.Check == check).Status));
    }

    [Fact]
    public void What_was_disturbed_is_not_taken_for_a_result()
    {
        Assert.False(Samples.Contention(0.5).IsDisturbed);
        Assert.True(Samples.Contention(1, spread: 0.4).IsDisturbed);
        Assert.True(Samples.Contention(1.5).IsDisturbed);
        Assert.Contains("cannot be told", KeyPoints.Setup(Report(Good), Samples.Contention(1.5), Samples.Link("tcp", 50)).ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_module_hears_nothing_when_all_is_well() => Assert.Null(Hint(Report(Good)));

    [Fact]
    public void A_later_module_hears_what_failed_and_what_to_do()
    {
        var hint = Hint(Report(Good with { FreePort = null }))!;
        Assert.Contains("ports on node-0", hint, StringComparison.Ordinal);
        Assert.Contains("Stop the program", hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_module_hears_when_module_00_was_not_run_or_elsewhere_or_cannot_be_read()
    {
        Assert.Contains("not run yet", EnvironmentGate.Hint("01", "local", _ => throw new FileNotFoundException()), StringComparison.Ordinal);
        Assert.Contains("cannot be read", EnvironmentGate.Hint("01", "local", _ => throw new InvalidDataException("torn")), StringComparison.Ordinal);
        Assert.Contains("another machine", Hint(Report(Good), Machine.Here with { Cpu = "another" }), StringComparison.Ordinal);
        Assert.Contains("for cluster local, not for spark", Hint(Report(Good), cluster: "spark"), StringComparison.Ordinal);
        Assert.Null(EnvironmentGate.Hint("00", "local", _ => throw new FileNotFoundException()));
    }

    static EnvironmentReport Report(params NodeReadings[] nodes) => new() { Cluster = "local", Nodes = nodes, Knobs = Knobs };

    static string? Hint(EnvironmentReport report, Machine? machine = null, string cluster = "local") => EnvironmentGate.Hint("01", cluster, _ => new()
    {
        Lesson = "00",
        Cluster = "local",
        SavedAt = DateTimeOffset.UnixEpoch,
        Machine = machine ?? Machine.Here,
        Versions = new Dictionary<string, string>(),
        Knobs = JsonSerializer.SerializeToElement(Knobs),
        Facts = JsonSerializer.SerializeToElement(report.Facts, JsonSerializerOptions.Web),
        Series = [],
    });
}
