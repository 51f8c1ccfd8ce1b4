namespace Spark.Notebooks;

/// <summary>A node that is a process on this machine: its cores, its declared memory, its ports.</summary>
public sealed class LocalNode(NodeSettings settings, int? ownCore, EngineExecutable engine) : INode
{
    public string Name => settings.Name;

    /// <summary>The cores that its processes are pinned to; null where this machine does not pin.</summary>
    public string? Cores { get; } = ownCore is null ? null : settings.Cores == "auto" ? $"{ownCore}" : settings.Cores;

    /// <summary>The cores of what its engine does besides computing; empty where that is on the same.</summary>
    public IReadOnlyList<int> ApiCores { get; private init; } = [];

    public string DeviceMemory => settings.DeviceMemory;

    public PortRange Ports { get; } = PortRange.Parse(settings.Ports);

    public TimeSpan StartDeadline => TimeSpan.FromMinutes(2);

    // Two that start at once take turns on few cores.
    public TimeSpan ToolStart => TimeSpan.FromMilliseconds(800);

    public bool HasPortChoice => Ports.HasChoice;

    public IReadOnlyList<string> Transports => ["shm", "tcp"];

    public string FabricAddress => "127.0.0.1";

    public string Model(string model) => RepositoryRoot.Combine(model);

    public INode Twin(string name) => new LocalNode(settings with { Name = name }, ownCore, engine) { ApiCores = ApiCores };

    /// <summary>The same node, whose engine does all but computing on these cores.</summary>
    internal LocalNode Beside(IReadOnlyList<int> cores) => new(settings, ownCore, engine) { ApiCores = cores };

    public Task<IReadOnlyList<int>> TakePortsAsync(int count, CancellationToken cancellation)
    {
        var taken = new List<int>();
        while (taken.Count < count)
        {
            if (Ports.Take() is { } port)
            {
                taken.Add(port);
                continue;
            }
            taken.ForEach(PortRange.Release);
            throw new IOException($"{Name}: {Ports} of this machine is taken by another program. Stop that program, or give the node \"ports\": \"auto\" in its cluster file.");
        }
        return Task.FromResult<IReadOnlyList<int>>(taken);
    }

    public Task<IReadOnlyList<int>> ListeningAsync(IEnumerable<int> ports, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<int>>([.. ports.Where(PortRange.IsListening)]);

    public Task<ServeCommand> CompleteAsync(ServeCommand command, CancellationToken cancellation) => Task.FromResult(command with { Transport = this.Resolve(command.Knobs.Transport) });

    /// <summary>Starts the engine with a vLLM command line, to which it adds what vLLM has no flag for.</summary>
    public Task<INodeProcess> StartEngineAsync(ServeCommand command, CancellationToken cancellation) =>
        Task.FromResult<INodeProcess>(Start([.. command.Arguments, "--device-memory", DeviceMemory, "--exit-with-parent", .. Pinning, .. ApiPinning], command.Environment));

    public Task<INodeTool> StartToolAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        Task.FromResult<INodeTool>(Start([.. arguments, .. Pinning]));

    public async Task<string?> ReadConfigAsync(string model, CancellationToken cancellation) =>
        Path.Combine(Model(model), "config.json") is var file && File.Exists(file) ? await File.ReadAllTextAsync(file, cancellation) : null;

    public Task<ByteSize> ReadDeviceMemoryAsync(CancellationToken cancellation) => Task.FromResult(ByteSize.Parse(DeviceMemory));

    IReadOnlyList<string> Pinning => Cores is null ? [] : ["--cores", string.Join(',', CpuList.Parse(Cores))];

    IReadOnlyList<string> ApiPinning => ApiCores.Count == 0 ? [] : ["--api-cores", string.Join(',', ApiCores)];

    OwnedProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var logs = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "spark-notebooks")).FullName;
        return OwnedProcess.Start(engine.FileName, [.. engine.LeadingArguments, .. arguments], Path.Combine(logs, $"{Name}-{Guid.NewGuid():N}.log"), environment);
    }

    public override string ToString() => $"{Name} ({(Cores is null ? "not pinned" : $"core {Cores}")}{(ApiCores.Count == 0 ? "" : $", HTTP on {string.Join(',', ApiCores)}")}, {DeviceMemory})";
}
