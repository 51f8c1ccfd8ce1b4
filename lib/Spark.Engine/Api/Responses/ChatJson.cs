using System.Text.Json;

namespace Spark.Engine;

/// <summary>Writes the objects of <c>/v1/chat/completions</c> field by field as vLLM does; its chunks leave out what nobody set.</summary>
internal sealed class ChatJson(ResponseHead head, ChatRequest request, string role, Tokenizer tokenizer)
{
    readonly bool returnsIds = request.Generation.ReturnTokenIds;
    readonly ResponseHead chunkHead = head with { Object = "chat.completion.chunk" };
    readonly ChatLogprobs? logprobs = request.TopLogprobs is { } top ? new(tokenizer, request.Generation.ReturnTokensAsTokenIds, (int)top) : null;

    public void Response(Utf8JsonWriter json, IReadOnlyList<(Continuation Continuation, ContinuationPart Whole)> choices, string echoed, Usage usage)
    {
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices"u8);
        foreach (var (continuation, whole) in choices)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, continuation.Index);
            WriteMessage(json, echoed + whole.Text);
            WriteLogprobs(json, whole);
            json.WriteFinish(whole.FinishReason);
            json.WriteStopReason(whole.StopReason);
            json.WriteTokens("token_ids"u8, returnsIds ? whole.Tokens : null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNull("service_tier"u8);
        json.WriteNull("system_fingerprint"u8);
        usage.Write(json, withNulls: true);
        json.WriteNull("prompt_logprobs"u8);
        json.WriteTokens("prompt_token_ids"u8, returnsIds ? choices[0].Continuation.Prompt.TokenIds : null);
        json.WriteTransfer(choices[0].Whole.Transfer);
        json.WriteEndObject();
    }

    /// <summary>The first chunk of a choice, which says who speaks; it comes with the first token.</summary>
    public void RoleChunk(Utf8JsonWriter json, Continuation continuation)
    {
        BeginChunk(json, continuation);
        WriteDelta(json, "", withRole: true);
        json.WriteNull("logprobs"u8);
        json.WriteNull("finish_reason"u8);
        EndChunk(json, new(continuation.Prompt.TokenIds.Length, 0), () => json.WriteTokens("prompt_token_ids"u8, returnsIds ? continuation.Prompt.TokenIds : null));
    }

    /// <summary>A chunk of the last message, which echo puts before the answer.</summary>
    public void EchoChunk(Utf8JsonWriter json, Continuation continuation, string text)
    {
        BeginChunk(json, continuation);
        WriteDelta(json, text, withRole: false);
        json.WriteNull("logprobs"u8);
        json.WriteNull("finish_reason"u8);
        EndChunk(json, new(continuation.Prompt.TokenIds.Length, 0));
    }

    public void Chunk(Utf8JsonWriter json, Continuation continuation, ContinuationPart part)
    {
        BeginChunk(json, continuation);
        WriteDelta(json, part.Text, withRole: false);
        WriteLogprobs(json, part);
        json.WriteFinish(part.FinishReason);
        if (part.FinishReason is not null)
            json.WriteStopReason(part.StopReason);
        json.WriteTokens("token_ids"u8, returnsIds ? part.Tokens : null);
        EndChunk(json, Usage.Of(continuation));
    }

    public void UsageChunk(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject();
        chunkHead.Write(json);
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        usage.Write(json, withNulls: false);
        json.WriteEndObject();
    }

    void BeginChunk(Utf8JsonWriter json, Continuation continuation)
    {
        json.WriteStartObject();
        chunkHead.Write(json);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, continuation.Index);
    }

    void EndChunk(Utf8JsonWriter json, Usage usage, Action? more = null)
    {
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.Generation.StreamUsage == StreamUsage.InEveryChunk)
            usage.Write(json, withNulls: false);
        more?.Invoke();
        json.WriteEndObject();
    }

    // vLLM's validator sets reasoning_content on every delta, if to null.
    void WriteDelta(Utf8JsonWriter json, string content, bool withRole)
    {
        json.WriteStartObject("delta"u8);
        if (withRole)
            json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteNull("reasoning_content"u8);
        json.WriteEndObject();
    }

    void WriteMessage(Utf8JsonWriter json, string content)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteNull("refusal"u8);
        json.WriteNull("annotations"u8);
        json.WriteNull("audio"u8);
        json.WriteNull("function_call"u8);
        json.WriteStartArray("tool_calls"u8);
        json.WriteEndArray();
        json.WriteNull("reasoning"u8);
        json.WriteNull("reasoning_content"u8);
        json.WriteEndObject();
    }

    void WriteLogprobs(Utf8JsonWriter json, ContinuationPart part)
    {
        if (logprobs is null)
            json.WriteNull("logprobs"u8);
        else
            logprobs.Write(json, part.Logprobs);
    }
}
