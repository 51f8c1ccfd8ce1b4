namespace Spark.Notebooks;

/// <summary>One machine of a cluster file that is reached over SSH, as written there.</summary>
public sealed record MachineSettings
{
    public required string Name { get; init; }

    /// <summary>An address, a name, or an alias of <c>~/.ssh/config</c>.</summary>
    public required string Host { get; init; }

    /// <summary>Null: what <c>~/.ssh/config</c> says, else 22.</summary>
    public int? Port { get; init; }

    /// <summary>Null: what <c>~/.ssh/config</c> says, else this user's name.</summary>
    public string? User { get; init; }

    /// <summary>A private key; null: what <c>~/.ssh/config</c> says, else the usual names.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>The only host key to accept, as <c>SHA256:…</c>; null: those of the user's known_hosts.</summary>
    public string? HostKey { get; init; }

    /// <summary>The machine's IP address on the link between the machines.</summary>
    public required string FabricAddress { get; init; }

    /// <summary>The network interface of <see cref="FabricAddress"/>.</summary>
    public required string FabricInterface { get; init; }

    /// <summary><c>UCX_NET_DEVICES</c>; null leaves the choice to UCX.</summary>
    public string? RdmaDevices { get; init; }

    /// <summary>Such as <c>119GiB</c>; null: all the machine's memory, as it is where CPU and GPU share it.</summary>
    public string? DeviceMemory { get; init; }

    /// <summary>Where engines listen; null: on the fabric's address.</summary>
    public string? ServeAddress { get; init; }

    /// <summary>A range as <see cref="PortRange.Parse"/> reads it.</summary>
    public required string Ports { get; init; }
}
