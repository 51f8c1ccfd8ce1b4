namespace Spark.Engine;

/// <summary>How a request wants its tokens chosen and when it wants to end: vLLM's SamplingParams, already validated.</summary>
public sealed record SamplingParams
{
    /// <summary>0 is greedy.</summary>
    public float Temperature { get; init; } = 1;
    public float TopP { get; init; } = 1;

    /// <summary>0 considers every token.</summary>
    public int TopK { get; init; }
    public float MinP { get; init; }

    /// <summary>Null draws from the engine's own stream.</summary>
    public long? Seed { get; init; }
    public float RepetitionPenalty { get; init; } = 1;
    public float PresencePenalty { get; init; }
    public float FrequencyPenalty { get; init; }

    /// <summary>Output tokens, 1 or more; already cut to what the model's context leaves.</summary>
    public int MaxTokens { get; init; } = 16;
    public int MinTokens { get; init; }
    public bool IgnoreEos { get; init; }
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>How many alternatives to report beside the chosen token; null reports none at all.</summary>
    public int? Logprobs { get; init; }
}
