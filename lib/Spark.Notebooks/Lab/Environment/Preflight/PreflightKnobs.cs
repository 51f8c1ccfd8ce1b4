namespace Spark.Notebooks;

/// <summary>How a NIXL preflight is bounded.</summary>
public sealed record PreflightKnobs
{
    /// <summary>The KV cache of the engine that is tried: small, since NIXL registers all of it.</summary>
    public ByteSize KvCache { get; init; } = ByteSize.FromGiB(2);

    /// <summary>How much less memory may be available than before the start; never more than four fifths of what was.</summary>
    public ByteSize MemoryCap { get; init; } = ByteSize.FromGiB(48);

    /// <summary>Null: the cluster's own time for a start.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>How long it is watched once it is ready.</summary>
    public TimeSpan Watched { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What vLLM requires to be free.</summary>
    public double GpuMemoryUtilization { get; init; } = new Knobs().GpuMemoryUtilization;

    /// <summary>Context length in tokens.</summary>
    public int MaxModelLen { get; init; } = 2048;

    /// <summary>The engine's own, which serves no request.</summary>
    internal Knobs Engine => new() { GpuMemoryUtilization = GpuMemoryUtilization, MaxModelLen = MaxModelLen, PromptTokens = 1, OutputTokens = 1 };

    /// <exception cref="ArgumentException">A knob is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(KvCache.Bytes > 0, nameof(KvCache));
        Require(MemoryCap.Bytes > 0, nameof(MemoryCap));
        Require(Within is null || Within > TimeSpan.Zero, nameof(Within));
        Require(Watched >= TimeSpan.Zero, nameof(Watched));
        Engine.Validate();
    }

    static void Require(bool holds, string knob)
    {
        if (!holds)
            throw new ArgumentException($"{knob} must be over 0.", knob);
    }
}
