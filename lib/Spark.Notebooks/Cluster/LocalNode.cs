using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>A node that is a process on this machine: its cores, its declared memory, its ports.</summary>
public sealed class LocalNode(NodeSettings settings, int? ownCore, EngineExecutable engine)
{
    public string Name => settings.Name;

    /// <summary>The cores that its processes are pinned to; null where this machine does not pin.</summary>
    public string? Cores { get; } = ownCore is null ? null : settings.Cores == "auto" ? $"{ownCore}" : settings.Cores;

    public string DeviceMemory => settings.DeviceMemory;

    public PortRange Ports { get; } = PortRange.Parse(settings.Ports);

    /// <exception cref="IOException">None of the node's ports is free.</exception>
    internal int FindPort() => Ports.FindFree()
        ?? throw new IOException($"{Name}: {Ports} of this machine is taken by another program. Stop that program, or give the node \"ports\": \"auto\" in its cluster file.");

    /// <summary>Starts the engine with a vLLM command line, to which it adds what vLLM has no flag for.</summary>
    internal OwnedProcess StartEngine(IEnumerable<string> arguments) =>
        Start([.. arguments, "--device-memory", DeviceMemory, "--exit-with-parent", .. Pinning]);

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

    OwnedProcess Start(IEnumerable<string> arguments)
    {
        var logs = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "spark-notebooks")).FullName;
        return OwnedProcess.Start(engine.FileName, [.. engine.LeadingArguments, .. arguments], Path.Combine(logs, $"{Name}-{Guid.NewGuid():N}.log"));
    }

    public override string ToString() => $"{Name} ({(Cores is null ? "not pinned" : $"core {Cores}")}, {DeviceMemory})";
}
