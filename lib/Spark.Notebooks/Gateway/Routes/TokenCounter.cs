using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;

namespace Spark.Notebooks;

/// <summary>Counts a prompt's tokens by asking a decode instance's <c>/tokenize</c>, once for each prompt.</summary>
internal sealed class TokenCounter(BackendPool decode, Upstream upstream) : IDisposable
{
    const int RememberedPrompts = 4096;

    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    // What of a request decides how its prompt becomes tokens.
    static readonly string[] TextFields = ["model", "add_special_tokens"];
    static readonly string[] ChatFields = ["model", "messages", "add_generation_prompt", "continue_final_message", "add_special_tokens", "chat_template", "chat_template_kwargs", "tools"];

    readonly MemoryCache counts = new(new MemoryCacheOptions { SizeLimit = RememberedPrompts });

    /// <summary>Null when nobody can tell, in which case it is as well to treat the prompt as a long one.</summary>
    /// <param name="text">The prompt as a JSON string; empty for a chat.</param>
    public async ValueTask<int?> CountAsync(Exchange exchange, JsonMembers body, ReadOnlyMemory<byte> text)
    {
        var question = text.IsEmpty ? body.Rewrite(ChatFields.Contains, default) : body.Rewrite(TextFields.Contains, [.. "\"prompt\":"u8, .. text.Span]);
        var key = new Guid(SHA256.HashData(question.Span).AsSpan(0, 16));
        if (counts.TryGetValue(key, out int known))
            return known;
        return await AskAsync(exchange, question) is { } count ? counts.Set(key, count, new MemoryCacheEntryOptions { Size = 1 }) : null;
    }

    public void Dispose() => counts.Dispose();

    async Task<int?> AskAsync(Exchange exchange, ReadOnlyMemory<byte> question)
    {
        if (decode.Healthy.MinBy(backend => backend.InFlight) is not { } backend)
            return null;
        using var deadline = new Deadline(upstream.Clock, AnswerTimeout, exchange.Http.RequestAborted);
        try
        {
            var answer = await upstream.SendAsync(HttpMethod.Post, backend, "/tokenize", question, exchange, deadline.Token);
            return answer.Status is 200 && JsonMembers.Parse(answer.Body)?["count"] is { Length: > 0 } count ? JsonSerializer.Deserialize<int>(count.Span) : null;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }
}
