namespace Spark.Notebooks;

/// <summary>Where one engine at a time can run: a process's share of this machine, or a machine over SSH.</summary>
public interface INode
{
    string Name { get; }

    /// <summary>The cores that its engines are pinned to; null where they are not.</summary>
    string? Cores { get; }

    /// <summary>How long an engine may take to start.</summary>
    TimeSpan StartDeadline { get; }

    /// <summary>Whether another port may be tried when one turns out to be taken.</summary>
    bool HasPortChoice { get; }

    /// <summary>How bytes can come to or leave this node, the fastest first.</summary>
    IReadOnlyList<string> Transports { get; }

    /// <summary>The address at which other nodes reach it for KV blocks.</summary>
    string FabricAddress { get; }

    /// <summary>The name or directory by which an engine here knows a model.</summary>
    string Model(string model);

    /// <summary>Another node on the same hardware: for an engine more than there are nodes.</summary>
    INode Twin(string name);

    /// <summary>Takes ports that nobody listens on, to be released to <see cref="PortRange"/>.</summary>
    /// <exception cref="IOException">There are not as many.</exception>
    Task<IReadOnlyList<int>> TakePortsAsync(int count, CancellationToken cancellation);

    /// <summary>Which of these ports somebody listens on.</summary>
    Task<IReadOnlyList<int>> ListeningAsync(IEnumerable<int> ports, CancellationToken cancellation);

    /// <summary>The command with what only the node knows: addresses, and the version of vLLM.</summary>
    Task<ServeCommand> CompleteAsync(ServeCommand command, CancellationToken cancellation);

    /// <summary>Starts an engine with a completed command.</summary>
    Task<INodeProcess> StartEngineAsync(ServeCommand command, CancellationToken cancellation);

    /// <summary>What starting such a program usually takes at most.</summary>
    TimeSpan ToolStart { get; }

    /// <summary>Starts a measuring program with the arguments of <c>spark-engine</c>, such as <c>measure</c>.</summary>
    Task<INodeTool> StartToolAsync(IEnumerable<string> arguments, CancellationToken cancellation);

    /// <summary>The config.json of a model that an engine here serves or has served; null where there is none.</summary>
    Task<string?> ReadConfigAsync(string model, CancellationToken cancellation);

    /// <summary>All the memory that its GPU has, or what stands for it.</summary>
    Task<ByteSize> ReadDeviceMemoryAsync(CancellationToken cancellation);
}
