using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary><c>POST /v1/chat/completions</c>: a conversation in, the answer out, whole or as a stream.</summary>
internal sealed class ChatEndpoint(Serving serving)
{
    readonly ChatRenderer renderer = new(serving);

    public async Task HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(http, serving.Options);
        var request = ChatRequest.Read(body);
        serving.CheckModel(request.Generation.Model);
        UnsupportedFields.Refuse(body);

        var prompt = Fitting(renderer.Render(request.Prompt), request.MaxTokens);
        var id = $"chatcmpl-{Serving.RequestId(http, request.Generation.RequestId)}";
        var continuations = serving.Continuations(id, prompt, 0, request.Generation, serving.MaxTokens(prompt, request.MaxTokens), request.TopLogprobs).ToList();
        var role = request.Prompt.AddGenerationPrompt ? "assistant" : request.Prompt.Role;
        var json = new ChatJson(new(id, "chat.completion", serving.UnixSeconds, serving.ModelName), request, role, serving.Tokenizer);
        var echoed = request.Echo && request.Prompt.Role == role ? ChatRenderer.LastContent(request.Prompt) : "";
        using var claim = serving.Claim(id);
        if (request.Generation.Stream)
            await EventStream.RunAsync(http, events => StreamAsync(events, json, request, continuations, echoed, cancellation));
        else
            await RespondAsync(http, json, continuations, echoed, cancellation);
    }

    Prompt Fitting(Prompt prompt, long? maxTokens)
    {
        var (length, context) = (prompt.TokenIds.Length, serving.Engine.MaxModelLen);
        if (length >= context)
            throw ApiException.BadRequest($"This model's maximum context length is {context} tokens. However, your request has {length} input tokens. Please reduce the length of the input messages.");
        if (maxTokens > context - length)
            throw ApiException.BadRequest($"'max_tokens' or 'max_completion_tokens' is too large: {maxTokens}. This model's maximum context length is {context} tokens and your request has {length} input tokens ({maxTokens} > {context} - {length}).");
        return prompt;
    }

    async Task RespondAsync(HttpContext http, ChatJson json, List<Continuation> continuations, string echoed, CancellationToken cancellation)
    {
        var wholes = await Continuation.RunAllAsync(continuations, cancellation);
        await JsonResponse.WriteAsync(http, writer => json.Response(writer, [.. continuations.Zip(wholes)], echoed, Usage.Of(continuations, serving.Options)));
    }

    async Task StreamAsync(EventStream events, ChatJson json, ChatRequest request, List<Continuation> continuations, string echoed, CancellationToken cancellation)
    {
        var begun = false;
        await Continuation.RunAllAsync(continuations, async (continuation, part) =>
        {
            using var turn = await events.TurnAsync(cancellation);
            if (!begun)
                Begin(events, json, continuations, echoed);
            begun = true;
            json.Chunk(events.Begin(), continuation, part);
            events.End();
            await events.FlushAsync(cancellation);
        }, cancellation);
        if (request.Generation.StreamUsage == StreamUsage.Nowhere)
            return;
        json.UsageChunk(events.Begin(), Usage.Of(continuations, serving.Options));
        events.End();
    }

    static void Begin(EventStream events, ChatJson json, List<Continuation> continuations, string echoed)
    {
        foreach (var continuation in continuations)
        {
            json.RoleChunk(events.Begin(), continuation);
            events.End();
        }
        foreach (var continuation in echoed.Length > 0 ? continuations : [])
        {
            json.EchoChunk(events.Begin(), continuation, echoed);
            events.End();
        }
    }
}
