using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Spark.Notebooks.Tests;

/// <summary>A real HTTP server with vLLM's surface and no model: it answers with as many tokens as are asked for, or as a test tells it.</summary>
internal sealed class FakeVllm : IAsyncDisposable
{
    readonly WebApplication app;
    readonly Func<FakeVllm, JsonElement, HttpResponse, Task> answer;
    int running;

    FakeVllm(IReadOnlyList<string> names, int port, Func<FakeVllm, JsonElement, HttpResponse, Task> answer)
    {
        this.answer = answer;
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/v1/models", () => TypedResults.Json(new { data = names.Select(id => new { id }) }));
        app.MapGet("/metrics", () => TypedResults.Text(Metrics()));
        app.MapPost("/tokenize", (JsonElement body) => TypedResults.Json(new { tokens = Tokenize(body.GetProperty("prompt").GetString()!, body.GetProperty("add_special_tokens").GetBoolean()) }));
        app.MapPost("/v1/completions", CompleteAsync);
    }

    /// <summary>Requests as they came, in order of arrival.</summary>
    public List<JsonElement> Received { get; } = [];

    /// <summary>Most requests that were ever in work at once.</summary>
    public int MostRunning { get; private set; }

    public long GenerationTokens;

    public LoadTarget Target => new()
    {
        Topology = "single",
        Path = "direct",
        Model = "run-fake",
        Endpoint = Address,
        Engines = [new("node-0", "run-fake", Address)],
    };

    public Uri Address => new(app.Urls.Single());

    public static async Task<FakeVllm> StartAsync(IReadOnlyList<string> names, int port = 0, Func<FakeVllm, JsonElement, HttpResponse, Task>? answer = null)
    {
        var server = new FakeVllm(names, port, answer ?? ((server, request, response) => server.StreamAsync(request, response)));
        await server.app.StartAsync();
        return server;
    }

    public static Task<FakeVllm> StartAsync(Func<FakeVllm, JsonElement, HttpResponse, Task>? answer = null) => StartAsync(["run-fake"], 0, answer);

    /// <summary>Streams what was asked for: a chunk a token, usage, the end.</summary>
    public async Task StreamAsync(JsonElement request, HttpResponse response, Func<int, Task>? beforeToken = null)
    {
        var (prompt, count) = (request.GetProperty("prompt").GetArrayLength(), request.GetProperty("max_tokens").GetInt32());
        response.ContentType = "text/event-stream; charset=utf-8";
        for (var i = 0; i < count; i++)
        {
            await (beforeToken?.Invoke(i) ?? Task.CompletedTask);
            Interlocked.Increment(ref GenerationTokens);
            await response.WriteAsync($$"""data: {"choices":[{"index":0,"text":" x","finish_reason":{{(i == count - 1 ? "\"length\"" : "null")}}}],"usage":null}""" + "\n\n");
            await response.Body.FlushAsync();
        }

        await response.WriteAsync($$$"""data: {"choices":[],"usage":{"prompt_tokens":{{{prompt}}},"total_tokens":{{{prompt + count}}},"completion_tokens":{{{count}}}}}""" + "\n\ndata: [DONE]\n\n");
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    // A token a byte, and a begin-of-text token before them.
    static int[] Tokenize(string text, bool special) => [.. special ? [1000] : Array.Empty<int>(), .. text.Select(letter => (int)letter)];

    async Task CompleteAsync(HttpContext context)
    {
        var body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        lock (Received)
        {
            Received.Add(body);
            MostRunning = Math.Max(MostRunning, ++running);
        }

        try
        {
            await answer(this, body, context.Response);
        }
        finally
        {
            lock (Received)
                running--;
        }
    }

    string Metrics()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Serving", "vllm-metrics.txt"));
        lock (Received)
            return text.Replace("RUNNING", $"{running}.0").Replace("GENERATED", $"{Interlocked.Read(ref GenerationTokens)}.0");
    }
}
