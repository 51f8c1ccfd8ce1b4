namespace Spark.Notebooks;

/// <summary>One node of a cluster file, as written there.</summary>
public sealed record NodeSettings
{
    public required string Name { get; init; }

    /// <summary>The cores that its engine is pinned to, such as <c>0</c> or <c>0-3</c>; <c>auto</c> gives each node a core of its own.</summary>
    public required string Cores { get; init; }

    /// <summary>What stands for the memory of its GPU, such as <c>768MiB</c>.</summary>
    public required string DeviceMemory { get; init; }

    /// <summary>As <see cref="PortRange.Parse"/> reads it.</summary>
    public required string Ports { get; init; }
}
