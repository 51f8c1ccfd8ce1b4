namespace Spark.Notebooks;

/// <summary>What a machine over SSH told of its GPU, its network and its software; null, or empty, where it has no such tool or file.</summary>
public sealed record MachineReadings
{
    public required string Node { get; init; }
    public IReadOnlyList<Gpu> Gpus { get; init; } = [];

    /// <summary>The newest CUDA that the driver supports.</summary>
    public string? DriverCuda { get; init; }

    /// <summary>vLLM's own answer; null where it gave none, then <see cref="VllmProblem"/> says why.</summary>
    public VllmVersion? Vllm { get; init; }
    public string VllmProblem { get; init; } = "";

    /// <summary>Versions of the Python environment's packages that matter here.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the UCX that <c>ucx_info</c> belongs to; NIXL's wheels bring their own.</summary>
    public string? Ucx { get; init; }

    /// <summary>Those of <c>ib_write_bw</c>, <c>ucx_perftest</c> and <c>ibv_devinfo</c> that are installed.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>As the cluster's file has them.</summary>
    public required string FabricInterface { get; init; }
    public required string FabricAddress { get; init; }
    public string? RdmaDevices { get; init; }
    public string KvBufferDevice { get; init; } = "cuda";

    public string? InterfaceState { get; init; }
    public int? InterfaceMtu { get; init; }
    public IReadOnlyList<string> InterfaceAddresses { get; init; } = [];
    public IReadOnlyList<RdmaPort> RdmaPorts { get; init; } = [];
    public required ModelSnapshot Model { get; init; }
    public ByteSize? SwapUsed { get; init; }
    public ByteSize? StateDiskFree { get; init; }
    public ByteSize? ModelDiskFree { get; init; }
    public ClockSkew? Clock { get; init; }

    /// <summary>Runs of this user's course that other processes than this one started.</summary>
    public IReadOnlyList<RemoteRun> Runs { get; init; } = [];

    /// <summary>The cluster's other machines.</summary>
    public IReadOnlyList<MachineReadings> Others { get; init; } = [];

    /// <summary>The RDMA ports that vLLM is to use: those that the cluster's file names, else those of the fabric's interface.</summary>
    public IReadOnlyList<RdmaPort> UsedPorts => RdmaDevices is { } named
        ? [.. RdmaPorts.Where(port => RdmaNames(named).Contains(port.Name))]
        : [.. RdmaPorts.Where(port => port.NetworkDevice == FabricInterface)];

    /// <summary>Names in <see cref="RdmaDevices"/> that are no port here.</summary>
    public IReadOnlyList<string> UnknownPorts => RdmaDevices is { } named ? [.. RdmaNames(named).Except(RdmaPorts.Select(port => port.Name))] : [];

    public string? Nixl => Versions("nixl");

    /// <summary>The packages whose names begin so, with their versions; null when there is none.</summary>
    public string? Versions(string prefix) =>
        Packages.Where(package => package.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(package => package.Key, StringComparer.Ordinal).Select(package => $"{package.Key} {package.Value}").ToList() is { Count: > 0 } found
            ? string.Join(", ", found)
            : null;

    /// <summary>What another machine has instead, such as <c>spark-1 has 0.14.0</c>; null when all have the same.</summary>
    public string? Unlike(Func<MachineReadings, string?> what) =>
        Others.FirstOrDefault(other => what(other) != what(this)) is { } other ? $"{other.Node} has {what(other) ?? "none"}" : null;

    // UCX takes the first port where none is said, and every device by the word all.
    IEnumerable<string> RdmaNames(string named) => named == "all"
        ? RdmaPorts.Select(port => port.Name)
        : named.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name != FabricInterface).Select(name => name.Contains(':') ? name : $"{name}:1");
}
