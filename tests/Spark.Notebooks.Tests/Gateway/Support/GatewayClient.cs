using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Spark.Notebooks.Tests;

/// <summary>A plain HTTP client of a gateway.</summary>
internal sealed class GatewayClient(Uri address) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public const string Completions = "v1/completions";
    public const string Chat = "v1/chat/completions";

    public static string Body(int promptTokens = 40, int maxTokens = 4, bool stream = true, string more = "") =>
        $$"""{"model":"{{Vllm013.Model}}","prompt":[{{string.Join(',', Enumerable.Range(1, promptTokens))}}],"max_tokens":{{maxTokens}},"stream":{{(stream ? "true" : "false")}}{{more}}}""";

    public Task<HttpResponseMessage> SendAsync(string body, string path = Completions, string? id = null, string? authorization = null, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (id is not null)
            request.Headers.Add("X-Request-Id", id);
        if (authorization is not null)
            request.Headers.Add("Authorization", authorization);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(path);

    public Task<string> TextAsync(string path) => http.GetStringAsync(path);

    /// <summary>The whole answer.</summary>
    public async Task<(HttpResponseMessage Response, string Body)> AskAsync(string body, string path = Completions, string? id = null, string? authorization = null)
    {
        var response = await SendAsync(body, path, id, authorization);
        return (response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A stream's text, and whether it ended as it should.</summary>
    public async Task<string> StreamedTextAsync(string body)
    {
        var (response, stream) = await AskAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return StreamedText(stream);
    }

    public static string StreamedText(string stream)
    {
        var events = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return string.Concat(events[..^1].Select(data => TextOf(JsonNode.Parse(data["data: ".Length..])!["choices"]?.AsArray().FirstOrDefault())));
    }

    /// <summary>The text of a completion or a chat, streamed or whole.</summary>
    public static string Text(string answer) => answer.StartsWith("data: ", StringComparison.Ordinal)
        ? StreamedText(answer)
        : TextOf(JsonNode.Parse(answer)!["choices"]![0]!);

    static string TextOf(JsonNode? choice) => $"{choice?["text"] ?? choice?["delta"]?["content"] ?? choice?["message"]?["content"]}";

    /// <summary>Checks that an answer is an error in vLLM's shape, and gives its message.</summary>
    public static string ErrorMessage(HttpResponseMessage response, string body)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = JsonNode.Parse(body)!["error"]!;
        Assert.Equal((int)response.StatusCode, error["code"]!.GetValue<int>());
        Assert.True(error.AsObject().ContainsKey("param") && error["param"] is null);
        Assert.NotEmpty($"{error["type"]}");
        return $"{error["message"]}";
    }

    public static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join("|", values) : null;

    public void Dispose() => http.Dispose();
}
