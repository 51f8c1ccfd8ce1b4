using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary><c>POST /v1/completions</c>: prompts in, their continuations out, whole or as a stream.</summary>
internal sealed class CompletionsEndpoint(Serving serving)
{
    public async Task HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(http, serving.Options);
        var request = CompletionRequest.Read(body);
        serving.CheckModel(request.Generation.Model);
        UnsupportedFields.Refuse(body);
        if (request is { Echo: true, Logprobs: not null })
            throw ApiException.Unsupported("echo with logprobs");

        var id = $"cmpl-{Serving.RequestId(http, request.Generation.RequestId)}";
        var continuations = Continuations(id, request, Prompts(request));
        var json = new CompletionJson(new(id, "text_completion", serving.UnixSeconds, serving.ModelName), request, serving.Tokenizer);
        using var claim = serving.Claim(id);
        if (request.Generation.Stream)
            await EventStream.RunAsync(http, events => StreamAsync(events, json, request, continuations, cancellation));
        else
            await RespondAsync(http, json, request, continuations, cancellation);
    }

    List<Prompt> Prompts(CompletionRequest request)
    {
        if (request.Prompts.Count == 0)
            throw ApiException.BadRequest("please provide at least one prompt");
        if (request.Prompts[0].TokenIds is { Count: 0 })
            throw ApiException.BadRequest("Please provide at least one prompt");
        var longest = serving.Engine.MaxModelLen - (request.MaxTokens ?? 0);
        return request.Prompts.ConvertAll(input =>
        {
            var tokens = input.Text is { } text ? serving.Tokenizer.Encode(text, request.AddSpecialTokens) : [.. input.TokenIds!.Select(t => (int)long.Clamp(t, int.MinValue, int.MaxValue))];
            return tokens.Length <= longest
                ? new Prompt(input.Text, tokens)
                : throw ApiException.BadRequest($"This model's maximum context length is {longest} tokens. However, your request has {tokens.Length} input tokens. Please reduce the length of the input messages.");
        });
    }

    /// <summary>For each prompt <c>n</c>, in the order of the response's choices.</summary>
    List<Continuation> Continuations(string id, CompletionRequest request, List<Prompt> prompts)
    {
        // To echo nothing but the prompt is still a request: vLLM has it generate one token, and does not show it.
        var asked = request is { Echo: true, MaxTokens: 0 } ? 1 : request.MaxTokens;
        return [.. prompts.SelectMany((prompt, i) => serving.Continuations(
            $"{id}-{i}", prompt, i * (int)request.Generation.N, request.Generation, serving.MaxTokens(prompt, asked), request.Logprobs))];
    }

    /// <summary>The text of a part, behind the prompt where that is to be echoed.</summary>
    string Text(CompletionRequest request, Continuation continuation, ContinuationPart part, bool isFirst)
    {
        if (!request.Echo)
            return part.Text;
        var prompt = !isFirst || request.Generation.ReturnTokenIds ? ""
            : continuation.Prompt.Text ?? serving.Tokenizer.Decode(continuation.Prompt.TokenIds, skipSpecialTokens: false);
        return request.MaxTokens == 0 ? prompt : prompt + part.Text;
    }

    async Task RespondAsync(HttpContext http, CompletionJson json, CompletionRequest request, List<Continuation> continuations, CancellationToken cancellation)
    {
        var wholes = await Continuation.RunAllAsync(continuations, cancellation);
        var choices = continuations.Zip(wholes, (c, whole) => (c, whole, Text(request, c, whole, isFirst: true))).ToList();
        await JsonResponse.WriteAsync(http, writer => json.Response(writer, choices, Usage.Of(continuations, serving.Options)));
    }

    async Task StreamAsync(EventStream events, CompletionJson json, CompletionRequest request, List<Continuation> continuations, CancellationToken cancellation)
    {
        var written = new int[continuations.Count];
        await Continuation.RunAllAsync(continuations, async (continuation, part) =>
        {
            using var turn = await events.TurnAsync(cancellation);
            var isFirst = part.Tokens.Count == continuation.OutputTokens;
            json.Chunk(events.Begin(), continuation, part, Text(request, continuation, part, isFirst), isFirst, written[continuation.Index]);
            events.End();
            written[continuation.Index] += CompletionLogprobs.Characters(part.Text);
            await events.FlushAsync(cancellation);
        }, cancellation);
        if (request.Generation.StreamUsage == StreamUsage.Nowhere)
            return;
        json.UsageChunk(events.Begin(), Usage.Of(continuations, serving.Options));
        events.End();
    }
}
