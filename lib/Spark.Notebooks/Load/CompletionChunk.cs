using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>What a load generator reads of one event of a completion's stream, or of an error body, which has the same shape.</summary>
internal sealed record CompletionChunk(IReadOnlyList<CompletionChunk.Choice>? Choices, CompletionChunk.TokenUsage? Usage, CompletionChunk.ServerError? Error)
{
    static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="JsonException">The data is not such a chunk.</exception>
    public static CompletionChunk Parse(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize<CompletionChunk>(data, Format) ?? throw new JsonException("null is no chunk.");

    internal sealed record Choice(string? Text, string? FinishReason, IReadOnlyList<int>? TokenIds);

    internal sealed record TokenUsage(int PromptTokens, int CompletionTokens, PromptDetails? PromptTokensDetails);

    internal sealed record PromptDetails(int? CachedTokens);

    internal sealed record ServerError(string? Message, string? Type)
    {
        public override string ToString() => $"{Type}: {Message}";
    }
}
