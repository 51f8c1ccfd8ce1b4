using System.Globalization;

namespace Spark.Engine;

/// <summary>How much KV cache a node has: utilization × device memory − weights − activations, in whole blocks (vLLM's formula, its words and its errors).</summary>
public sealed record KvCapacity
{
    const double GiB = 1L << 30;

    public required long ActivationBytes { get; init; }

    /// <summary>What is left for the KV cache.</summary>
    public required long AvailableBytes { get; init; }
    public required int Blocks { get; init; }

    /// <summary>Requests of full context length that fit at once.</summary>
    public required double MaxConcurrency { get; init; }
    public int Tokens => Blocks * KvLayout.BlockSize;

    /// <exception cref="InvalidOperationException">Not even one request of full length would fit.</exception>
    public static KvCapacity Of(EngineOptions options, KvLayout layout, int maxModelLen, long weightBytes, long activationBytes)
    {
        var available = options.KvCacheMemoryBytes ?? (long)(options.GpuMemoryUtilization * options.DeviceMemoryBytes) - weightBytes - activationBytes;
        if (available <= 0)
            throw new InvalidOperationException(Invariant($"No available memory for the cache blocks: {options.GpuMemoryUtilization} of {options.DeviceMemoryBytes / GiB:F3} GiB is less than weights ({weightBytes / GiB:F3} GiB) and activations ({activationBytes / GiB:F3} GiB). Try increasing `gpu_memory_utilization` (or `--device-memory`) when initializing the engine."));
        var blocksPerRequest = (maxModelLen + KvLayout.BlockSize - 1) / KvLayout.BlockSize;
        var blocks = available / layout.BytesPerBlock;
        if (blocks < blocksPerRequest)
            throw new InvalidOperationException(Invariant($"To serve at least one request with the models's max seq len ({maxModelLen}), ({blocksPerRequest * layout.BytesPerBlock / GiB:F3} GiB KV cache is needed, which is larger than the available KV cache memory ({available / GiB:F3} GiB). Based on the available memory, the estimated maximum model length is {blocks * KvLayout.BlockSize}. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine."));
        return new()
        {
            ActivationBytes = activationBytes,
            AvailableBytes = available,
            Blocks = checked((int)blocks),
            MaxConcurrency = (double)blocks / blocksPerRequest,
        };

        static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>vLLM's log lines: what its memory profiling found, and what follows for the cache.</summary>
    public IEnumerable<string> Describe(int maxModelLen) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"Activation peak memory takes {ActivationBytes / GiB:F6} GiB"),
        string.Create(CultureInfo.InvariantCulture, $"Available KV cache memory: {AvailableBytes / GiB:F3} GiB"),
        string.Create(CultureInfo.InvariantCulture, $"GPU KV cache size: {Tokens:N0} tokens"),
        string.Create(CultureInfo.InvariantCulture, $"Maximum concurrency for {maxModelLen:N0} tokens per request: {MaxConcurrency:F2}x"),
    ];
}
