using System.Globalization;

namespace Spark.Notebooks;

/// <summary>A machine over SSH that runs <c>vllm serve</c>. It is connected when it is first needed.</summary>
public sealed class SshNode : INode
{
    /// <summary><c>UCX_TLS</c> without RDMA.</summary>
    const string TcpOnly = "tcp,sm,self,cuda_copy";
    static readonly TimeSpan VersionDeadline = TimeSpan.FromMinutes(2);

    readonly MachineSettings machine;
    readonly ClusterFile file;
    readonly PortRange ports;
    Task<VllmVersion>? version;

    internal SshNode(MachineSettings machine, ClusterFile file)
    {
        (this.machine, this.file, Name) = (machine, file, machine.Name);
        ports = PortRange.Parse(machine.Ports).ForSeat(file.Seat);
    }

    public string Name { get; init; }
    public string? Cores => null;
    public TimeSpan StartDeadline => TimeSpan.FromMinutes(file.Vllm.StartMinutes);
    public bool HasPortChoice => ports.HasChoice;

    public IReadOnlyList<string> Transports => ["rdma", "tcp"];

    public string FabricAddress => machine.FabricAddress;

    // Python, PyTorch and CUDA take their time.
    public TimeSpan ToolStart => TimeSpan.FromSeconds(5);

    public string Model(string model) => model;

    public INode Twin(string name) => new SshNode(machine, file) { Name = name };

    public async Task<IReadOnlyList<int>> TakePortsAsync(int count, CancellationToken cancellation)
    {
        var listening = await (await AgentAsync(cancellation)).ListeningAsync(cancellation);
        int?[] taken = [.. Enumerable.Range(0, count).Select(_ => ports.Take(listening))];
        if (taken.All(port => port is not null))
            return [.. taken.Select(port => port!.Value)];
        foreach (var port in taken.OfType<int>())
            PortRange.Release(port);
        throw new IOException($"{Name}: other processes hold {ports} there, of which {count} must be free. See who listens: ss -ltnp; or give the machine other ports in the cluster's file, or take another seat.");
    }

    public async Task<IReadOnlyList<int>> ListeningAsync(IEnumerable<int> ports, CancellationToken cancellation) =>
        [.. ports.Intersect(await (await AgentAsync(cancellation)).ListeningAsync(cancellation))];

    public async Task<ServeCommand> CompleteAsync(ServeCommand command, CancellationToken cancellation) => Complete(command, await VersionAsync(cancellation));

    /// <exception cref="ArgumentException">vLLM has not what the command asks for.</exception>
    internal ServeCommand Complete(ServeCommand command, VllmVersion version) => command.Knobs.KvCacheDtype == "float32" ? throw new ArgumentException($"{Name}: KvCacheDtype is float32, which vLLM does not have: use auto or bfloat16.") : command with
    {
        Host = machine.ServeAddress ?? machine.FabricAddress,
        Transport = this.Resolve(command.Knobs.Transport),
        SideChannelHost = machine.FabricAddress,
        Vllm = new()
        {
            Version = version,
            KvBufferDevice = file.Vllm.KvBufferDevice,
            NetDevices = this.Resolve(command.Knobs.Transport) == "tcp" ? machine.FabricInterface : machine.RdmaDevices,
            Environment = this.Resolve(command.Knobs.Transport) == "tcp" ? new Dictionary<string, string>(file.Vllm.Environment) { ["UCX_TLS"] = TcpOnly } : file.Vllm.Environment,
        },
    };

    public async Task<INodeTool> StartToolAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var agent = await AgentAsync(cancellation);
        string[] devices = machine.RdmaDevices is null ? [] : ["--device", machine.RdmaDevices];
        return await RemoteTool.StartAsync(agent, [$"{Venv(agent)}/bin/python", await agent.InstallAsync("measure.py", cancellation), .. arguments, .. devices], LogPath, cancellation);
    }

    public async Task<string?> ReadConfigAsync(string model, CancellationToken cancellation)
    {
        var agent = await AgentAsync(cancellation);
        var hub = file.Vllm.Environment.GetValueOrDefault("HF_HOME", "~/.cache/huggingface");
        var snapshots = $"{Shell.QuotePath($"{hub}/hub/models--{model.Replace("/", "--")}")}/snapshots/*/config.json";
        var read = await agent.RunAsync($"for file in {Shell.QuotePath($"{model}/config.json")} {snapshots}; do [ -r \"$file\" ] && exec cat \"$file\"; done; exit 1", cancellation: cancellation);
        return read.ExitCode == 0 ? read.Output : null;
    }

    public async Task<ByteSize> ReadDeviceMemoryAsync(CancellationToken cancellation)
    {
        if (machine.DeviceMemory is { } declared)
            return ByteSize.Parse(declared);
        // The GPU's memory is the machine's: nvidia-smi tells none.
        var read = await (await AgentAsync(cancellation)).RunAsync("sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo", cancellation: cancellation);
        return new(1024 * long.Parse(read.Output, CultureInfo.InvariantCulture));
    }

    public async Task<INodeProcess> StartEngineAsync(ServeCommand command, CancellationToken cancellation)
    {
        var agent = await AgentAsync(cancellation);
        // Triton and FlashInfer compile with what they find beside Python.
        var variables = new Dictionary<string, string>(command.Environment) { ["PATH"] = $"{Venv(agent)}/bin:{agent.SearchPath}", ["PYTHONUNBUFFERED"] = "1" };
        foreach (var (name, value) in NodeSecrets.Read().Variables)
            variables[name] = value;
        return await RemoteProcess.StartAsync(agent, command.ServedModelNames[^1], [Program(agent), .. command.Arguments], variables, LogPath, cancellation);
    }

    string LogPath => Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "spark-notebooks")).FullName, $"{Name}-{Guid.NewGuid():N}.log");

    /// <summary>Ends the runs of other processes of this user that are heard of no more, and says what it did about each.</summary>
    internal async Task<IReadOnlyList<string>> StopLeftoversAsync(CancellationToken cancellation)
    {
        var agent = await AgentAsync(cancellation);
        var others = await agent.OthersAsync(cancellation);
        foreach (var run in others.Where(run => !run.IsDriven))
            await agent.StopAsync(run.Run, cancellation);
        return [.. others.Select(run => $"{run}: {(run.IsDriven ? "left alone" : "stopped")}.")];
    }

    /// <summary>The memory that can be had there without swapping.</summary>
    internal async Task<ByteSize> MemoryAvailableAsync(CancellationToken cancellation) =>
        MemoryReading.Available((await (await AgentAsync(cancellation)).RunAsync("cat /proc/meminfo", cancellation: cancellation)).Output.Split('\n'));

    internal MachineSettings Settings => machine;

    internal VllmSettings Vllm => file.Vllm;

    internal PortRange Ports => ports;

    /// <summary>What its vLLM says of itself, asked once.</summary>
    internal Task<VllmVersion> VersionAsync(CancellationToken cancellation)
    {
        version = version is null or { IsFaulted: true } ? AskVersionAsync() : version;
        return version.WaitAsync(cancellation);
    }

    internal Task<RemoteAgent> AgentAsync(CancellationToken cancellation = default) => RemoteAgent.OpenAsync(machine, file, cancellation);

    async Task<VllmVersion> AskVersionAsync()
    {
        var agent = await AgentAsync();
        var said = await agent.RunAsync($"{Shell.Quote(Program(agent))} --version", VersionDeadline);
        return said.ExitCode == 0
            ? VllmVersion.Parse(said.Output)
            : throw new NodeConnectionException(Name, $"{Program(agent)} --version ended with exit code {said.ExitCode}: {said.Errors.Trim()}. vllm.venv in the cluster's file is where vLLM should be.");
    }

    string Program(RemoteAgent agent) => $"{Venv(agent)}/bin/vllm";

    internal string Venv(RemoteAgent agent) => file.Vllm.Venv.StartsWith("~/", StringComparison.Ordinal) ? $"{agent.Home}/{file.Vllm.Venv[2..]}" : file.Vllm.Venv;

    public override string ToString() => $"{Name} ({machine.Host}, {ports})";
}
