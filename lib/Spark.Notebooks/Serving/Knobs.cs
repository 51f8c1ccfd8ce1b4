namespace Spark.Notebooks;

/// <summary>Everything that a module lets its reader turn; null leaves a knob to the engine's own default.</summary>
public sealed record Knobs
{
    /// <summary>A file of <c>data/clusters</c>; null: what <c>SPARK_CLUSTER</c> says, else <c>local</c>.</summary>
    public string? Cluster { get; init; }

    /// <summary>A Hugging Face directory; null: the cluster's.</summary>
    public string? Model { get; init; }

    /// <summary>Share of device memory for weights, activations and KV cache, over 0 and at most 1.</summary>
    public double GpuMemoryUtilization { get; init; } = 0.3;

    /// <summary>Most sequences in one step.</summary>
    public int? MaxNumSeqs { get; init; }

    /// <summary>Token budget of one step.</summary>
    public int? MaxNumBatchedTokens { get; init; }

    /// <summary>Context length in tokens, prompt and output together.</summary>
    public int? MaxModelLen { get; init; }

    /// <summary><c>auto</c> (the model's own), <c>bfloat16</c> or <c>float32</c>.</summary>
    public string KvCacheDtype { get; init; } = "auto";

    public bool EnablePrefixCaching { get; init; } = true;

    /// <summary>How a gateway chooses among engines: <c>round-robin</c>, <c>least-requests</c> or <c>power-of-two</c>.</summary>
    public string Policy { get; init; } = "round-robin";

    /// <summary>How KV blocks get from a prefill to a decode engine: <c>shm</c> (one-sided, out of mapped memory), <c>rdma</c> (one-sided, between machines) or <c>tcp</c>; <c>auto</c> is the one-sided way that the nodes have.</summary>
    public string Transport { get; init; } = "auto";

    /// <summary>What a decode engine does when KV blocks do not arrive: <c>fail</c> the request, or <c>recompute</c> its prompt.</summary>
    public string KvLoadFailurePolicy { get; init; } = "fail";

    /// <summary>Shorter prompts are prefilled where they are decoded; 0: none is.</summary>
    public int MinRemotePrefillTokens { get; init; }

    /// <summary>Requests in flight.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Tokens of each prompt, or their mean where lengths are mixed.</summary>
    public int PromptTokens { get; init; } = 512;

    /// <summary>Tokens of each answer, or their mean where lengths are mixed.</summary>
    public int OutputTokens { get; init; } = 128;

    /// <summary>Lengths are spread evenly over this share around their mean, 0 (all equal) to below 1; <c>--random-range-ratio</c> of <c>vllm bench serve</c>.</summary>
    public double RangeRatio { get; init; }

    /// <summary>Requests in a run.</summary>
    public int Requests { get; init; } = 32;

    /// <summary>Runs of each measurement.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>Chooses prompts, lengths and order.</summary>
    public int Seed { get; init; }

    /// <exception cref="ArgumentException">A knob is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(GpuMemoryUtilization is > 0 and <= 1, nameof(GpuMemoryUtilization), GpuMemoryUtilization, "over 0 and at most 1");
        Require(MaxNumSeqs is null or > 0, nameof(MaxNumSeqs), MaxNumSeqs, "at least 1");
        Require(MaxNumBatchedTokens is null or > 0, nameof(MaxNumBatchedTokens), MaxNumBatchedTokens, "at least 1");
        Require(MaxModelLen is null or > 1, nameof(MaxModelLen), MaxModelLen, "at least 2");
        Require(KvCacheDtype is "auto" or "bfloat16" or "float32", nameof(KvCacheDtype), KvCacheDtype, "auto, bfloat16 or float32");
        Require(Policy is "round-robin" or "least-requests" or "power-of-two", nameof(Policy), Policy, "round-robin, least-requests or power-of-two");
        Require(Transport is "auto" or "shm" or "rdma" or "tcp", nameof(Transport), Transport, "auto, shm, rdma or tcp");
        Require(KvLoadFailurePolicy is "fail" or "recompute", nameof(KvLoadFailurePolicy), KvLoadFailurePolicy, "fail or recompute");
        Require(MinRemotePrefillTokens >= 0, nameof(MinRemotePrefillTokens), MinRemotePrefillTokens, "at least 0");
        Require(Concurrency > 0, nameof(Concurrency), Concurrency, "at least 1");
        Require(PromptTokens > 0, nameof(PromptTokens), PromptTokens, "at least 1");
        Require(OutputTokens > 0, nameof(OutputTokens), OutputTokens, "at least 1");
        Require(RangeRatio is >= 0 and < 1, nameof(RangeRatio), RangeRatio, "at least 0 and below 1");
        Require(Requests > 0, nameof(Requests), Requests, "at least 1");
        Require(Repeats > 0, nameof(Repeats), Repeats, "at least 1");
        var longest = (int)Math.Ceiling((PromptTokens + OutputTokens) * (1 + RangeRatio));
        Require(MaxModelLen is null || longest <= MaxModelLen, nameof(MaxModelLen), MaxModelLen, $"at least {longest}, the longest prompt and its answer");
    }

    static void Require(bool holds, string knob, object? value, string range)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{knob} is {value}; it must be {range}."), knob);
    }
}
