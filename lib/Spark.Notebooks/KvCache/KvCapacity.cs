namespace Spark.Notebooks;

/// <summary>How many KV blocks fit a device, by vLLM's formula: utilization × memory − weights − activations, in whole blocks.</summary>
public sealed record KvCapacity
{
    public required ModelShape Shape { get; init; }
    public required ByteSize DeviceMemory { get; init; }
    public required double Utilization { get; init; }

    /// <summary>Peak activations and whatever else the engine holds besides weights and cache.</summary>
    public ByteSize Activations { get; init; }
    public int BlockTokens { get; init; } = 16;

    public ByteSize BlockBytes => new(BlockTokens * Shape.KvBytesPerToken.Bytes);

    public ByteSize Available => (Utilization * DeviceMemory) - Shape.WeightBytes - Activations;

    public long Blocks => Math.Max(0, Available.Bytes / BlockBytes.Bytes);

    public long Tokens => Blocks * BlockTokens;

    /// <summary>What vLLM logs as "Maximum concurrency": the pool over the blocks that one request of <paramref name="tokens"/> needs.</summary>
    public double MaximumConcurrency(int tokens) => (double)Blocks / BlocksFor(tokens);

    public long BlocksFor(int tokens) => ((long)tokens + BlockTokens - 1) / BlockTokens;
}
