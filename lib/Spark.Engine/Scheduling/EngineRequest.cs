namespace Spark.Engine;

/// <summary>What the API hands to the engine: one prompt, one continuation (<c>n</c> &gt; 1 becomes several of these).</summary>
/// <param name="Id">Unique among live requests, such as <c>cmpl-1234-0</c>.</param>
/// <param name="PromptTokenIds">At least one token, and fewer than the model's context.</param>
/// <param name="Sampling">Validated parameters.</param>
public sealed record EngineRequest(string Id, int[] PromptTokenIds, SamplingParams Sampling)
{
    /// <summary>Keeps the prefix cache of requests with different salts apart.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>What the client passed on of a disaggregated prefill, or asks of one.</summary>
    public KvTransferParams? Transfer { get; init; }
}
