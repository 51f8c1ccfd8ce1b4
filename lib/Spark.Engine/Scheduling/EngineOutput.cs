namespace Spark.Engine;

/// <summary>What one engine step has to say of one request: its new token, and on the last one why and how it ended.</summary>
public readonly record struct EngineOutput
{
    public required string RequestId { get; init; }

    /// <summary>Null where a request ends without a further token (aborted, or failed).</summary>
    public int? Token { get; init; }
    public TokenLogprobs? Logprobs { get; init; }
    public FinishReason? FinishReason { get; init; }

    /// <summary>The stop token that ended the request, where it was one of <see cref="SamplingParams.StopTokenIds"/>.</summary>
    public int? StopTokenId { get; init; }

    /// <summary>The request's life so far; its last token is this one.</summary>
    public required RequestTimes Times { get; init; }

    /// <summary>Prompt tokens found in the prefix cache, or pulled from another engine, when the request was first scheduled.</summary>
    public int CachedTokens { get; init; }

    /// <summary>On the last output of a prefill whose KV another engine may now pull.</summary>
    public KvTransferParams? Transfer { get; init; }
}
