using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>Sends one leg to an engine's own address, with its counters read before and after.</summary>
internal sealed class LegClient(EngineInstance engine) : IDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    readonly HttpClient http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = engine.Address.Address, Timeout = Deadline }.Authorize();

    /// <exception cref="HttpRequestException">The engine refused; the message has its words.</exception>
    public async Task<ProtocolLeg> SendAsync(ReadOnlyMemory<byte> body, string requestId, CancellationToken cancellation)
    {
        var before = await engine.Client.GetMetricsAsync(cancellation);
        using var content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/completions") { Content = content, Headers = { { "x-request-id", requestId } } };
        var sent = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(message, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        var took = Stopwatch.GetElapsedTime(sent);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{engine.Address.Node}: the {engine.Address.Role} leg got {(int)response.StatusCode}: {CompletionAnswer.ExplainError(answer, response.ReasonPhrase)}");
        return new(engine.Address, Parse(body.Span), Parse(answer), took, (await CountedAsync(before, cancellation)).Since(before));
    }

    public void Dispose() => http.Dispose();

    // An answer ends for its reader a little before the engine has counted it.
    async Task<EngineMetrics> CountedAsync(EngineMetrics before, CancellationToken cancellation)
    {
        for (var asked = Stopwatch.GetTimestamp(); ; await Task.Delay(PollInterval, cancellation))
        {
            var after = await engine.Client.GetMetricsAsync(cancellation);
            if (after.RequestSuccess > before.RequestSuccess || Stopwatch.GetElapsedTime(asked) > Deadline)
                return after;
        }
    }

    static JsonObject Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json) as JsonObject ?? throw new JsonException($"This is no JSON object: {Encoding.UTF8.GetString(json)}");
}
