using System.Net.Http.Json;
using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>The part of a vLLM server that is asked between runs: model names, metrics, tokens.</summary>
public sealed class EngineClient(string node, Uri address) : IDisposable
{
    readonly HttpClient http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) }.Authorize();

    /// <summary>What <c>/v1/models</c> lists.</summary>
    /// <exception cref="HttpRequestException">Nobody answers, or not with success.</exception>
    /// <exception cref="JsonException">The answer is not a list of models.</exception>
    public async Task<IReadOnlyList<string>> GetModelNamesAsync(CancellationToken cancellation = default)
    {
        var models = await AnsweredAsync(http.GetFromJsonAsync<ModelList>("v1/models", cancellation));
        return [.. (models?.Data ?? throw new JsonException("no data")).Select(model => model.Id)];
    }

    public async Task<EngineMetrics> GetMetricsAsync(CancellationToken cancellation = default) =>
        EngineMetrics.Parse(node, await AnsweredAsync(http.GetStringAsync("metrics", cancellation)));

    /// <summary>The token ids of a text, with or without what the tokenizer puts around a prompt.</summary>
    public async Task<IReadOnlyList<int>> TokenizeAsync(string model, string text, bool addSpecialTokens, CancellationToken cancellation = default)
    {
        using var response = await AnsweredAsync(http.PostAsJsonAsync("tokenize", new { model, prompt = text, add_special_tokens = addSpecialTokens }, cancellation));
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{node}: /tokenize answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        return (await response.Content.ReadFromJsonAsync<Tokens>(cancellation))!.TokenIds;
    }

    /// <summary>The greedy answer to a prompt as token ids, whatever ends it there not ending it.</summary>
    /// <exception cref="HttpRequestException">The server refused; the message has its words.</exception>
    public async Task<IReadOnlyList<int>> CompleteAsync(string model, PromptRequest request, CancellationToken cancellation = default)
    {
        var body = new { model, prompt = request.PromptTokenIds, max_tokens = request.OutputTokens, temperature = 0, ignore_eos = true, return_token_ids = true };
        using var content = JsonContent.Create(body);
        await content.LoadIntoBufferAsync(cancellation);
        using var response = await AnsweredAsync(http.PostAsync("v1/completions", content, cancellation));
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{node}: /v1/completions answered {(int)response.StatusCode}: {CompletionAnswer.ExplainError(answer, response.ReasonPhrase)}");
        return CompletionChunk.Parse(answer).Choices is [{ TokenIds: { } tokens }, ..] ? tokens : throw new HttpRequestException($"{node}: /v1/completions returned no token ids.");
    }

    public void Dispose() => http.Dispose();

    // Of a server that stays silent HttpClient says that the request was cancelled.
    async Task<T> AnsweredAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (OperationCanceledException error) when (error.InnerException is TimeoutException)
        {
            throw new HttpRequestException($"{node}: {address} gave no answer within {http.Timeout.TotalSeconds:0} s. Is the node up, and the network to it?", error);
        }
    }

    sealed record ModelList(IReadOnlyList<ModelCard>? Data);

    sealed record ModelCard(string Id);

    sealed record Tokens([property: System.Text.Json.Serialization.JsonPropertyName("tokens")] IReadOnlyList<int> TokenIds);
}
