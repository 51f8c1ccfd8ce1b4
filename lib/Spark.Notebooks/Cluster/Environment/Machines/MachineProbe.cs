namespace Spark.Notebooks;

/// <summary>Sends <c>probe.sh</c> to machines over SSH, and reads what they tell.</summary>
internal static class MachineProbe
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    static readonly string Script = EmbeddedScript.Read("probe.sh");

    /// <exception cref="NodeConnectionException">A machine cannot be reached or read.</exception>
    public static async Task<IReadOnlyList<NodeReadings>> OfAsync(IReadOnlyList<SshNode> nodes, string model, CancellationToken cancellation)
    {
        var read = await Task.WhenAll(nodes.Select(node => ReadAsync(node, model, cancellation)));
        return [.. read.Select(one => one with { Remote = one.Remote! with { Others = [.. read.Where(other => other != one).Select(other => other.Remote!)] } })];
    }

    static async Task<NodeReadings> ReadAsync(SshNode node, string model, CancellationToken cancellation)
    {
        var agent = await node.AgentAsync(cancellation);
        var told = await agent.RunScriptAsync(Shell.Export(node.Vllm.Environment) + Script, ["", node.Settings.FabricInterface, node.Venv(agent), model], Deadline, cancellation);
        try
        {
            var readings = Parse(node.Settings, node.Vllm, ProbeOutput.Parse(told.Output));
            var listening = await agent.ListeningAsync(cancellation);
            var (version, problem) = await VersionAsync(node, cancellation);
            return readings with
            {
                Ports = $"{node.Ports}",
                FreePort = node.Ports.FindFree(listening),
                Remote = readings.Remote! with { Vllm = version, VllmProblem = problem, Clock = await ClockSkew.ReadAsync(agent, cancellation), Runs = await agent.OthersAsync(cancellation) },
            };
        }
        catch (FormatException error)
        {
            throw new NodeConnectionException(node.Name, $"{error.Message} {told.Errors.Trim()}", error);
        }
    }

    internal static NodeReadings Parse(MachineSettings machine, VllmSettings vllm, ProbeOutput probe) => new()
    {
        Node = machine.Name,
        Machine = new()
        {
            Cpu = probe.All("cpu") is { Count: > 0 } models ? string.Join(" + ", models) : "processor",
            LogicalCores = (int)(probe.Number("cores") ?? 0),
            Os = string.Join(", ", new[] { probe.First("os"), probe.First("kernel") ?? "a system that does not tell its name" }.OfType<string>()),
            Runtime = "",
            SimdBits = 0,
        },
        MemoryTotal = Kibibytes(probe, "MemTotal"),
        MemoryFree = Kibibytes(probe, "MemAvailable"),
        OpenFiles = FileLimit.Of(probe.First("files.soft"), probe.First("files.hard")),
        Remote = new()
        {
            Node = machine.Name,
            Gpus = [.. probe.All("gpu").Select(Gpu.Parse).OfType<Gpu>()],
            DriverCuda = probe.First("cuda"),
            Packages = probe.All("package").Select(line => line.Split(' ')).Where(parts => parts.Length == 2).DistinctBy(parts => parts[0]).ToDictionary(parts => parts[0], parts => parts[1]),
            Ucx = probe.First("ucx"),
            Tools = probe.All("tool"),
            FabricInterface = machine.FabricInterface,
            FabricAddress = machine.FabricAddress,
            RdmaDevices = machine.RdmaDevices,
            KvBufferDevice = vllm.KvBufferDevice,
            InterfaceState = probe.First("interface.state"),
            InterfaceMtu = (int?)probe.Number("interface.mtu"),
            InterfaceAddresses = probe.All("interface.address"),
            RdmaPorts = RdmaPort.Read(probe),
            Model = ModelSnapshot.Read(probe),
            SwapUsed = Kibibytes(probe, "SwapTotal") - Kibibytes(probe, "SwapFree"),
            StateDiskFree = Bytes(probe, "disk.state"),
            ModelDiskFree = Bytes(probe, "disk.models"),
        },
    };

    static async Task<(VllmVersion? Version, string Problem)> VersionAsync(SshNode node, CancellationToken cancellation)
    {
        try
        {
            return (await node.VersionAsync(cancellation), "");
        }
        catch (Exception error) when (error is NodeConnectionException or FormatException or NotSupportedException)
        {
            return (null, error.Message);
        }
    }

    static ByteSize? Bytes(ProbeOutput probe, string key) => probe.Number(key) is { } bytes ? new(bytes) : null;

    static ByteSize? Kibibytes(ProbeOutput probe, string key) => probe.Number(key) is { } kibibytes ? new(1024 * kibibytes) : null;
}
