using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>Answers <c>/v1/models</c> with the models of all healthy backends, run ids included, each once.</summary>
internal sealed class ModelList(IReadOnlyList<BackendState> backends, Upstream upstream)
{
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    public async Task ServeAsync(Exchange exchange)
    {
        var answers = (await Task.WhenAll(backends.Where(backend => !backend.Health.IsEjected).Select(backend => AskAsync(exchange, backend)))).OfType<Models>().ToList();
        if (answers.Count == 0)
            await exchange.FailAsync(StatusCodes.Status503ServiceUnavailable, $"No backend says what it serves: {string.Join("; ", backends)}.");
        else if (answers.Find(answer => answer.Raw.Status != 200)?.Raw is { } refusal)
            await WholeAnswer.WriteAsync(exchange.Http, refusal.Status, refusal.Body, refusal.ContentType);
        else
            await WholeAnswer.WriteAsync(exchange.Http, 200, Merge(answers));
    }

    static byte[] Merge(IEnumerable<Models> answers) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        @object = "list",
        data = answers.SelectMany(answer => answer.ById).DistinctBy(model => model.Id).Select(model => model.Card),
    });

    async Task<Models?> AskAsync(Exchange exchange, BackendState backend)
    {
        using var deadline = new Deadline(upstream.Clock, AnswerTimeout, exchange.Http.RequestAborted);
        try
        {
            var answer = await upstream.SendAsync(HttpMethod.Get, backend, exchange.Path, null, exchange, deadline.Token);
            return new(answer, answer.Status != 200 ? [] : [.. JsonSerializer.Deserialize<JsonElement>(answer.Body).GetProperty("data").EnumerateArray().Select(card => (card.GetProperty("id").GetString(), card))]);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    sealed record Models(UpstreamAnswer Raw, IReadOnlyList<(string? Id, JsonElement Card)> ById);
}
