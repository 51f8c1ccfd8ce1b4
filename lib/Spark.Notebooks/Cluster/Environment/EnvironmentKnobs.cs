namespace Spark.Notebooks;

/// <summary>What the environment report takes for enough, and how it measures.</summary>
public sealed record EnvironmentKnobs
{
    /// <summary>Two sockets a stream through a gateway, and some to spare.</summary>
    public int OpenFiles { get; init; } = 4096;

    /// <summary>Free disk space for results and executed notebooks.</summary>
    public ByteSize FreeDisk { get; init; } = ByteSize.FromMiB(512);

    /// <summary>Of vLLM on a machine: the share of its memory that must be free, over 0 and at most 1.</summary>
    public double GpuMemoryUtilization { get; init; } = new Knobs().GpuMemoryUtilization;

    /// <summary>How far a machine's clock may be from this one's.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The buffer that is read for bandwidth; larger than the caches of most cores.</summary>
    public ByteSize ReadBuffer { get; init; } = ByteSize.FromMiB(64);

    /// <summary>How long each node computes, and then reads, alone and together.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Share of its speed alone that a node should keep while the others work, over 0 and at most 1.</summary>
    public double KeptSpeed { get; init; } = 0.85;

    /// <summary>Messages pulled from one node by another, multiples of 8 bytes.</summary>
    public IReadOnlyList<ByteSize> Messages { get; init; } = [new(64), new(4 << 10), new(64 << 10), new(512 << 10), new(2 << 20), new(8 << 20)];
}
