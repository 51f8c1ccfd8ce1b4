using System.Text;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>Reads what a server answered, after the last byte has its timestamp.</summary>
internal static class CompletionAnswer
{
    static readonly byte[] Done = "[DONE]"u8.ToArray();

    /// <summary>Adds the stream's events to a timeline that knows only what was sent.</summary>
    public static RequestTimeline Complete(RequestTimeline timeline, IEnumerable<SseEvent> events, Func<long, TimeSpan> toTime)
    {
        var tokenTimes = new List<TimeSpan>();
        var text = new StringBuilder();
        CompletionChunk.TokenUsage? usage = null;
        var done = false;
        foreach (var item in events)
        {
            if (done = item.Data.AsSpan().SequenceEqual(Done))
                break;
            try
            {
                var chunk = CompletionChunk.Parse(item.Data);
                usage = chunk.Usage ?? usage;
                if (chunk.Error is { } failure)
                    timeline = timeline with { Error = timeline.Error ?? failure.ToString() };
                if (chunk.Choices is not [var choice, ..])
                    continue;
                tokenTimes.Add(toTime(item.Arrival));
                text.Append(choice.Text);
                timeline = timeline with { FinishReason = choice.FinishReason ?? timeline.FinishReason };
            }
            catch (JsonException)
            {
                timeline = timeline with { Error = timeline.Error ?? $"an event that is no chunk: {Encoding.UTF8.GetString(item.Data)}" };
            }
        }

        return timeline with
        {
            TokenTimes = tokenTimes,
            Text = text.ToString(),
            OutputTokens = usage?.CompletionTokens ?? 0,
            CachedTokens = usage?.PromptTokensDetails?.CachedTokens,
            Error = timeline.Error
                ?? (tokenTimes.Count == 0 ? "the stream held no token" : usage is null ? "the stream held no usage" : done ? null : "the stream ended without [DONE]"),
        };
    }

    /// <summary>The server's own words in an error body, whatever its shape, or the status's if it is empty.</summary>
    public static string ExplainError(byte[] body, string? reason)
    {
        try
        {
            if (CompletionChunk.Parse(body).Error is { } error)
                return error.ToString();
        }
        catch (JsonException)
        {
            // A proxy's page, or a shape of its own: shown as it is.
        }

        return body.Length > 0 ? Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500))) : reason ?? "";
    }
}
