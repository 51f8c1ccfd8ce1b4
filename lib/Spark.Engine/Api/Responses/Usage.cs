using System.Text.Json;

namespace Spark.Engine;

/// <summary>A response's token counts.</summary>
/// <param name="PromptTokens">Of all prompts, each counted once.</param>
/// <param name="CompletionTokens">Of all choices.</param>
/// <param name="CachedTokens">Prompt tokens found in the prefix cache; null where the server does not tell.</param>
internal readonly record struct Usage(int PromptTokens, int CompletionTokens, int? CachedTokens = null)
{
    public static Usage Of(IReadOnlyList<Continuation> continuations, ApiOptions options) => new(
        continuations.DistinctBy(c => c.Prompt).Sum(c => c.Prompt.TokenIds.Length),
        continuations.Sum(c => c.OutputTokens),
        options.EnablePromptTokensDetails && continuations[^1].CachedTokens is > 0 and var cached ? cached : null);

    public static Usage Of(Continuation continuation) => new(continuation.Prompt.TokenIds.Length, continuation.OutputTokens);

    /// <param name="json">In an object.</param>
    /// <param name="withNulls">Whether details that are not told are null, not absent.</param>
    public void Write(Utf8JsonWriter json, bool withNulls)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, PromptTokens);
        json.WriteNumber("total_tokens"u8, PromptTokens + CompletionTokens);
        json.WriteNumber("completion_tokens"u8, CompletionTokens);
        if (CachedTokens is { } cached)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, cached);
            json.WriteEndObject();
        }
        else if (withNulls)
            json.WriteNull("prompt_tokens_details"u8);
        json.WriteEndObject();
    }
}
