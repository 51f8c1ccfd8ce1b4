using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Spark.Engine.Tests;

/// <summary>The API on a port of its own on the loopback interface, before any engine.</summary>
sealed class ServerUnderTest : IAsyncDisposable
{
    readonly WebApplication app;

    ServerUnderTest(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public static ApiOptions Options => new() { ServedModelNames = ["tales", "tales-25m"], ModelPath = Repository.Tales, Port = 0, Defaults = GenerationDefaults.Load(Repository.Tales) };

    public HttpClient Client { get; }
    public Uri Address => Client.BaseAddress!;

    public static async Task<ServerUnderTest> StartAsync(IEngine engine, Func<ApiOptions, ApiOptions>? change = null, string? chatTemplate = null)
    {
        var options = change?.Invoke(Options) ?? Options;
        var app = ApiServer.Build(options);
        ApiServer.Serve(app, options, engine, Tales.Tokenizer, ChatTemplate.Load(Repository.Tales, chatTemplate, Tales.Tokenizer.SpecialTokens));
        await app.StartAsync();
        return new(app);
    }

    public Task StopAsync() => app.StopAsync();

    public Task<HttpResponseMessage> PostAsync(string path, string body, string mediaType = "application/json", CancellationToken cancellation = default)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (mediaType.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async Task<JsonElement> JsonAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return Parse(text);
    }

    /// <summary>The data of every event, the final [DONE] among them.</summary>
    public async Task<List<string>> EventsAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("\n\n", text);
        var events = text[..^2].Split("\n\n");
        Assert.All(events, e => Assert.StartsWith("data: ", e));
        return [.. events.Select(e => e["data: ".Length..])];
    }

    /// <summary>The chunks of a stream that ended well.</summary>
    public async Task<List<JsonElement>> ChunksAsync(string path, string body)
    {
        var events = await EventsAsync(path, body);
        Assert.Equal("[DONE]", events[^1]);
        return [.. events[..^1].Select(Parse)];
    }

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
