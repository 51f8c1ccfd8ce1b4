namespace Spark.Notebooks;

/// <summary>The KV of prompts of one length, moved over one transport a few times; all times in ms.</summary>
public sealed record KvMove
{
    public required string Transport { get; init; }
    public required int PromptTokens { get; init; }

    /// <summary>What one pull brought, as the pulling engine counted it.</summary>
    public required ByteSize Moved { get; init; }

    /// <summary>From posting the read until it was done, by the pulling engine's clock.</summary>
    public required Distribution Transfer { get; init; }

    /// <summary>Computing the prompt, by the other engine's clock.</summary>
    public required Distribution Prefill { get; init; }

    /// <summary>From sending the request to its answer of one token, by the client's clock.</summary>
    public required Distribution Ttft { get; init; }

    /// <summary>Each request's transfer over its time to first token, 0 to 1.</summary>
    public Distribution Share => new(Transfer.Values.Zip(Ttft.Values, (transfer, ttft) => transfer / ttft), "");
}
