using System.Diagnostics;

namespace Spark.Notebooks.Tests;

/// <summary>The probe itself: on this machine behind a real sshd, and on a tree of files such as a Spark's kernel shows.</summary>
public sealed class ProbingMachines : IAsyncLifetime
{
    readonly string root = Directory.CreateTempSubdirectory("spark-probe-").FullName;
    SshServer? server;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task The_report_of_module_00_is_made_over_SSH()
    {
        server = await SshServer.StartAsync();
        var file = VllmShim.Cluster(server);
        AddPackages(file.Vllm.Venv, "nixl-1.3.2", "vllm-0.13.0");
        await using var cluster = Cluster.Create($"{Guid.NewGuid()}", file, [], new("", []));
        var report = await EnvironmentReport.OfAsync(cluster, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["spark-0", "spark-1"], report.Nodes.Select(node => node.Node));
        Assert.All(
            ["operating system", "processor", "memory", "ports", "leftovers of earlier runs", "model files", "disk", "clock", "vLLM", "NIXL", "fabric address"],
            check => Assert.Equal((check, CheckStatus.Pass), (check, report.Rows.Single(row => row.Check == check).Status)));
        var node = report.Nodes[0];
        Assert.Equal(Machine.Here.LogicalCores, node.Machine.LogicalCores);
        Assert.Equal(ShapeFiles.Tales.WeightBytes, node.Remote!.Model.Weights);
        Assert.InRange(Math.Abs(node.Remote.Clock!.Ahead.TotalSeconds), 0, node.Remote.Clock.HalfRoundTrip.TotalSeconds + 0.05);
        Assert.Equal(1, File.ReadLines("/proc/meminfo").Count(line => line.StartsWith("MemTotal", StringComparison.Ordinal) && line.Contains($"{node.MemoryTotal!.Value.Bytes / 1024}", StringComparison.Ordinal)));
        Assert.NotEmpty(report.ToHtml());
    }

    [Fact]
    public void Two_halves_of_a_port_are_found_in_the_kernels_files()
    {
        AddPort("rocep1s0f1", "0000:01:00.1", "enp1s0f1np1", "0000:0000:0000:0000:0000:ffff:c0a8:640a");
        AddPort("roceP2p1s0f1", "0002:01:00.1", "enP2p1s0f1np1", "0000:0000:0000:0000:0000:ffff:c0a8:650a");
        Write("sys/class/net/enp1s0f1np1/operstate", "up");
        Write("sys/class/net/enp1s0f1np1/mtu", "9000");
        var machine = SparkReadings.Read(Probe("/no/model")).Remote!;
        Assert.Equal(["rocep1s0f1:1", "roceP2p1s0f1:1"], machine.UsedPorts.Select(port => port.Name).Order(StringComparer.Ordinal).Reverse());
        var port = machine.UsedPorts.Single(port => port.Device == "rocep1s0f1");
        Assert.Equal(("PCIe 0000:01:00.1, x4 at 32.0 GT/s", "200 Gb/sec (4X HDR)", "enp1s0f1np1"), (port.Pci, port.Rate, port.NetworkDevice));
        Assert.Equal((3, "192.168.100.10"), (port.Gids.Single().Index, $"{port.Gids.Single().Address}"));
        Assert.True(port.IsTwinOf(machine.UsedPorts.Single(other => other != port)));
        Assert.Equal(9000, machine.InterfaceMtu);
    }

    [Fact]
    public void A_snapshot_in_the_Hugging_Face_cache_is_followed_to_its_files()
    {
        var snapshot = Path.Combine(root, "hub/models--org--name/snapshots/abc");
        Write("hub/models--org--name/refs/main", "abc");
        foreach (var name in new[] { "config.json", "tokenizer.json" })
            Write($"hub/models--org--name/snapshots/abc/{name}", "{}");
        var whole = Path.Combine(RepositoryRoot.Combine("data/models/tales-25m"), "model.safetensors");
        File.CreateSymbolicLink(Path.Combine(snapshot, "model-00001-of-00002.safetensors"), whole);
        File.CreateSymbolicLink(Path.Combine(snapshot, "model-00002-of-00002.safetensors"), Path.Combine(root, "never-loaded"));
        Write("hub/models--org--name/snapshots/abc/model.safetensors.index.json", """
            { "metadata": { "total_size": 98601000 }, "weight_map": { "a": "model-00001-of-00002.safetensors", "b": "model-00001-of-00002.safetensors", "c": "model-00002-of-00002.safetensors" } }
            """);
        var model = ModelSnapshot.Read(ProbeOutput.Parse(Probe("org/name")));
        Assert.Equal((snapshot, 2, ShapeFiles.Tales.WeightBytes), (model.Path, model.Shards, model.Weights));
        Assert.Equal(["model-00002-of-00002.safetensors is missing"], model.Problems);
    }

    [Fact]
    public void A_download_that_was_cut_off_is_found()
    {
        foreach (var name in new[] { "config.json", "tokenizer.json" })
            Write($"cut/{name}", "{}");
        var whole = File.ReadAllBytes(Path.Combine(RepositoryRoot.Combine("data/models/tales-25m"), "model.safetensors"));
        File.WriteAllBytes(Path.Combine(root, "cut/model.safetensors"), whole[..(whole.Length / 2)]);
        var model = ModelSnapshot.Read(ProbeOutput.Parse(Probe(Path.Combine(root, "cut"))));
        Assert.Equal([$"model.safetensors has {whole.Length / 2} B, its header promises {whole.Length}"], model.Problems);
    }

    [Fact]
    public void Words_of_a_shell_in_a_name_are_only_a_name()
    {
        var model = ModelSnapshot.Read(ProbeOutput.Parse(Probe($"$(touch {root}/hurt)'; touch {root}/hurt #")));
        Assert.NotEmpty(model.Problems);
        Assert.False(File.Exists(Path.Combine(root, "hurt")));
    }

    internal static void AddPackages(string venv, params string[] names)
    {
        foreach (var name in names)
            Directory.CreateDirectory(Path.Combine(venv, "lib/python3.12/site-packages", $"{name}.dist-info"));
    }

    void AddPort(string device, string pci, string interfaceName, string gid)
    {
        var link = Path.Combine(Directory.CreateDirectory(Path.Combine(root, "sys/class/infiniband", device)).FullName, "device");
        Directory.CreateSymbolicLink(link, Directory.CreateDirectory(Path.Combine(root, "sys/devices", pci)).FullName);
        Write($"sys/devices/{pci}/current_link_speed", "32.0 GT/s PCIe");
        Write($"sys/devices/{pci}/current_link_width", "4");
        var port = $"sys/class/infiniband/{device}/ports/1";
        Write($"{port}/state", "4: ACTIVE");
        Write($"{port}/rate", "200 Gb/sec (4X HDR)");
        Write($"{port}/gid_attrs/ndevs/0", interfaceName);
        foreach (var (index, type, value) in new[] { (0, "IB/RoCE v1", gid), (1, "RoCE v2", "0000:0000:0000:0000:0000:0000:0000:0000"), (3, "RoCE v2", gid) })
        {
            Write($"{port}/gid_attrs/types/{index}", type);
            Write($"{port}/gids/{index}", value);
        }
    }

    void Write(string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, $"{text}\n");
    }

    string Probe(string model)
    {
        var start = new ProcessStartInfo("sh", ["-s", "--", root, "enp1s0f1np1", "/none", model]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["HF_HUB_CACHE"] = Path.Combine(root, "hub");
        using var probe = Process.Start(start)!;
        probe.StandardInput.Write(EmbeddedScript.Read("probe.sh"));
        probe.StandardInput.Close();
        return probe.StandardOutput.ReadToEnd();
    }
}
