namespace Spark.Engine;

/// <summary>What an engine is started with; names and defaults as <c>vllm serve</c> has them, where it has them.</summary>
public sealed record EngineOptions
{
    /// <summary>A Hugging Face model directory.</summary>
    public required string Model { get; init; }

    /// <summary>Random weights instead of the directory's own (<c>--load-format dummy</c>).</summary>
    public bool DummyWeights { get; init; }

    /// <summary>Weights kept as fp32 (<c>--dtype float32</c>) instead of as they are stored; the arithmetic is fp32 either way.</summary>
    public bool Float32Weights { get; init; }

    /// <summary>Memory that this node claims to have, in bytes: what a GPU's size is to vLLM.</summary>
    public long DeviceMemoryBytes { get; init; } = 1L << 30;

    /// <summary>Share of the device memory for weights, activations and KV cache together.</summary>
    public double GpuMemoryUtilization { get; init; } = 0.9;

    /// <summary>Bytes for the KV cache, whatever the utilization would leave; null goes by the utilization.</summary>
    public long? KvCacheMemoryBytes { get; init; }

    /// <summary>Null takes the model's own context length.</summary>
    public int? MaxModelLen { get; init; }
    public int MaxNumSeqs { get; init; } = 256;
    public int MaxNumBatchedTokens { get; init; } = 2048;
    public KvDtype KvCacheDtype { get; init; } = KvDtype.BFloat16;
    public bool EnablePrefixCaching { get; init; } = true;
    public int Seed { get; init; }

    /// <summary>KV transfer between engines (<c>--kv-transfer-config</c>); null has none.</summary>
    public KvTransferConfig? KvTransfer { get; init; }
}
