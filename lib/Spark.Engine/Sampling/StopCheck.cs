namespace Spark.Engine;

/// <summary>Whether a request ends with its latest token, in vLLM's order: not before min_tokens; end of sequence; stop tokens; length.</summary>
internal static class StopCheck
{
    public static (FinishReason Reason, int? StopTokenId)? After(Request request, IReadOnlyList<int> eosTokens, int maxModelLen)
    {
        var sampling = request.Sampling;
        var last = request.Tokens.Span[^1];
        if (request.OutputTokens >= sampling.MinTokens)
        {
            if (!sampling.IgnoreEos && eosTokens.Contains(last))
                return (FinishReason.Stop, null);
            if (sampling.StopTokenIds.Contains(last))
                return (FinishReason.Stop, last);
        }
        return request.TokenCount >= maxModelLen || request.OutputTokens >= sampling.MaxTokens ? (FinishReason.Length, null) : null;
    }
}
