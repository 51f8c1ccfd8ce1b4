using System.Text.Json;

namespace Spark.Engine;

/// <summary>Writes the objects of <c>/v1/completions</c> field by field as vLLM does, nulls included.</summary>
internal sealed class CompletionJson(ResponseHead head, CompletionRequest request, Tokenizer tokenizer)
{
    readonly CompletionLogprobs logprobs = new(tokenizer, request.Generation.ReturnTokensAsTokenIds);

    public void Response(Utf8JsonWriter json, IReadOnlyList<(Continuation Continuation, ContinuationPart Whole, string Text)> choices, Usage usage)
    {
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices"u8);
        foreach (var (continuation, whole, text) in choices)
        {
            json.WriteStartObject();
            WriteText(json, continuation, whole, text, textOffset: 0);
            json.WriteTokens("token_ids"u8, request.Generation.ReturnTokenIds ? whole.Tokens : null);
            json.WriteNull("prompt_logprobs"u8);
            json.WriteTokens("prompt_token_ids"u8, request.Generation.ReturnTokenIds ? continuation.Prompt.TokenIds : null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNull("service_tier"u8);
        json.WriteNull("system_fingerprint"u8);
        usage.Write(json, withNulls: true);
        json.WriteTransfer(choices[0].Whole.Transfer);
        json.WriteEndObject();
    }

    /// <param name="json">At the start of an event.</param>
    /// <param name="continuation">Whose chunk it is.</param>
    /// <param name="part">What is new.</param>
    /// <param name="text">The part's, behind what is echoed.</param>
    /// <param name="isFirst">Whether the prompt's ids belong into this one, if anywhere.</param>
    /// <param name="textOffset">Characters of output before this chunk.</param>
    public void Chunk(Utf8JsonWriter json, Continuation continuation, ContinuationPart part, string text, bool isFirst, int textOffset)
    {
        var returnsIds = request.Generation.ReturnTokenIds;
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        WriteText(json, continuation, part, text, textOffset);
        json.WriteTokens("prompt_token_ids"u8, isFirst && (returnsIds || request.Echo) ? continuation.Prompt.TokenIds : null);
        json.WriteTokens("token_ids"u8, returnsIds ? part.Tokens : null);
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.Generation.StreamUsage == StreamUsage.InEveryChunk)
            Usage.Of(continuation).Write(json, withNulls: true);
        else
            json.WriteNull("usage"u8);
        json.WriteEndObject();
    }

    public void UsageChunk(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        usage.Write(json, withNulls: false);
        json.WriteEndObject();
    }

    void WriteText(Utf8JsonWriter json, Continuation continuation, ContinuationPart part, string text, int textOffset)
    {
        json.WriteNumber("index"u8, continuation.Index);
        json.WriteString("text"u8, text);
        if (request.Logprobs is null)
            json.WriteNull("logprobs"u8);
        else
            logprobs.Write(json, part.Logprobs, textOffset);
        json.WriteFinish(part.FinishReason);
        json.WriteStopReason(part.StopReason);
    }
}
