using System.Net.Http.Json;
using System.Text.Json.Serialization;

namespace Spark.Notebooks;

/// <summary>The body of a streamed <c>/v1/completions</c> request, as <c>vllm bench serve</c> sends it, plus a cache salt.</summary>
internal sealed record CompletionPayload
{
    [JsonPropertyName("model")] public required string Model { get; init; }
    [JsonPropertyName("prompt")] public required IReadOnlyList<int> Prompt { get; init; }
    [JsonPropertyName("max_tokens")] public required int MaxTokens { get; init; }

    /// <summary>Keeps one run from finding the prefixes of another in the cache.</summary>
    [JsonPropertyName("cache_salt")] public required string CacheSalt { get; init; }

    [JsonPropertyName("temperature")] public double Temperature { get; } = 0;
    [JsonPropertyName("repetition_penalty")] public double RepetitionPenalty { get; } = 1;
    [JsonPropertyName("logprobs")] public int? Logprobs { get; }
    [JsonPropertyName("stream")] public bool Stream { get; } = true;
    [JsonPropertyName("stream_options")] public StreamOptions Options { get; } = new();
    [JsonPropertyName("ignore_eos")] public bool IgnoreEos { get; } = true;

    public HttpContent ToContent() => JsonContent.Create(this);

    internal sealed record StreamOptions
    {
        [JsonPropertyName("include_usage")] public bool IncludeUsage { get; } = true;
    }
}
