namespace Spark.Notebooks;

/// <summary>What was read and measured of one node; null stands for what its system does not tell, or what was not measured.</summary>
public sealed record NodeReadings
{
    public required string Node { get; init; }
    public required Machine Machine { get; init; }

    /// <summary>The cores it is pinned to, such as <c>0-3</c>.</summary>
    public string? Cores { get; init; }

    /// <summary>Other nodes of the cluster whose cores are these, or share a physical core with them.</summary>
    public IReadOnlyList<string> CoreNeighbours { get; init; } = [];

    public ByteSize? MemoryTotal { get; init; }
    public ByteSize? MemoryFree { get; init; }

    /// <summary>Device memory that all nodes of the cluster on this machine declare together.</summary>
    public ByteSize DeclaredMemory { get; init; }

    public FileLimit? OpenFiles { get; init; }
    public string Ports { get; init; } = "";
    public int? FreePort { get; init; }
    public IReadOnlyList<Leftover>? Leftovers { get; init; }
    public ModelFiles? Model { get; init; }

    /// <summary>Null where it was not built; then <see cref="EngineProblem"/> says so.</summary>
    public Version? EngineVersion { get; init; }
    public string EngineProblem { get; init; } = "";
    public Version? LibraryVersion { get; init; }

    /// <summary>Such as <c>Release</c>.</summary>
    public string Configuration { get; init; } = "";

    public Version? Dotnet { get; init; }
    public ByteSize? DiskFree { get; init; }

    /// <summary>Why results cannot be written; null where they can.</summary>
    public string? DiskProblem { get; init; }

    /// <summary>The smallest step that the clock makes between two readings.</summary>
    public double? ClockStepNanoseconds { get; init; }
    public string? ClockSource { get; init; }

    public NodeCeilings? Ceilings { get; init; }
    public NodeRates? Alone { get; init; }

    /// <summary>While all other nodes did the same.</summary>
    public NodeRates? Together { get; init; }

    /// <summary>What only a machine over SSH has; null for a process on this machine.</summary>
    public MachineReadings? Remote { get; init; }

    /// <summary>From this node or to it, by transport.</summary>
    public IReadOnlyList<NodeLink> Links { get; init; } = [];
}
