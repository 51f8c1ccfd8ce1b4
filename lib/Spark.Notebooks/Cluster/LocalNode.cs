using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>A node that is a process on this machine: its cores, its declared memory, its ports.</summary>
public sealed class LocalNode(NodeSettings settings, int? ownCore, EngineExecutable engine) : INode
{
    public string Name => settings.Name;

    /// <summary>The cores that its processes are pinned to; null where this machine does not pin.</summary>
    public string? Cores { get; } = ownCore is null ? null : settings.Cores == "auto" ? $"{ownCore}" : settings.Cores;

    public string DeviceMemory => settings.DeviceMemory;

    public PortRange Ports { get; } = PortRange.Parse(settings.Ports);

    public TimeSpan StartDeadline => TimeSpan.FromMinutes(2);

    public bool HasPortChoice => Ports.HasChoice;

    public string Transport(Knobs knobs) => knobs.Transport;

    public string Model(string model) => RepositoryRoot.Combine(model);

    public INode Twin(string name) => new LocalNode(settings with { Name = name }, ownCore, engine);

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

    public Task<ServeCommand> CompleteAsync(ServeCommand command, CancellationToken cancellation) => Task.FromResult(command);

    /// <summary>Starts the engine with a vLLM command line, to which it adds what vLLM has no flag for.</summary>
    public Task<INodeProcess> StartEngineAsync(ServeCommand command, CancellationToken cancellation) =>
        Task.FromResult<INodeProcess>(Start([.. command.Arguments, "--device-memory", DeviceMemory, "--exit-with-parent", .. Pinning], command.Environment));

    /// <summary>Measures the node's two ceilings in a process of its own, which takes its cores for some seconds.</summary>
    /// <param name="bufferBytes">Buffer sizes to read; empty for the engine's own choice.</param>
    /// <exception cref="InvalidOperationException">The measurement failed; the message has its output.</exception>
    internal async Task<NodeCeilings> MeasureAsync(IReadOnlyList<long> bufferBytes, CancellationToken cancellation)
    {
        string[] sizes = bufferBytes.Count == 0 ? [] : ["--bytes", string.Join(',', bufferBytes)];
        await using var process = Start(["measure", .. Pinning, .. sizes]);
        var exitCode = await process.Exited.WaitAsync(cancellation);
        var report = string.Join('\n', process.Log.Lines);
        try
        {
            var ceilings = NodeCeilings.Parse(Name, report[report.IndexOf('{')..(report.LastIndexOf('}') + 1)]);
            process.Log.Delete();
            return ceilings;
        }
        catch (Exception error) when (error is JsonException or ArgumentOutOfRangeException)
        {
            throw new InvalidOperationException($"{Name}: spark-engine measure ended with exit code {exitCode} and no figures:\n{report}", error);
        }
    }

    /// <summary>Starts one of the engine's measuring commands on the node's cores.</summary>
    internal OwnedProcess StartTool(params IEnumerable<string> arguments) => Start([.. arguments, .. Pinning]);

    IReadOnlyList<string> Pinning => Cores is null ? [] : ["--cores", string.Join(',', CpuList.Parse(Cores))];

    OwnedProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var logs = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "spark-notebooks")).FullName;
        return OwnedProcess.Start(engine.FileName, [.. engine.LeadingArguments, .. arguments], Path.Combine(logs, $"{Name}-{Guid.NewGuid():N}.log"), environment);
    }

    public override string ToString() => $"{Name} ({(Cores is null ? "not pinned" : $"core {Cores}")}, {DeviceMemory})";
}
