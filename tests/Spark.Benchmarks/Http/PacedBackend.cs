using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Spark.Benchmarks;

/// <summary>
/// A server that computes nothing: it streams as many events as a body's max_tokens says, the first at once, the others at the pace of a decode step or, for the model
/// <see cref="Burst"/>, back to back; each has the moment of its writing as its text. It hands over blocks that it does not have.
/// </summary>
sealed class PacedBackend : IAsyncDisposable
{
    public const string Burst = "burst";

    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    static readonly byte[] Held = Encoding.UTF8.GetBytes($$$"""{"id":"cmpl-0","choices":[{"index":0,"text":" word"}],"usage":{"prompt_tokens":512},"kv_transfer_params":{"do_remote_prefill":true,"do_remote_decode":false,"remote_block_ids":[{{{string.Join(',', Enumerable.Range(0, 32))}}}],"remote_engine_id":"e","remote_request_id":"r","remote_host":"127.0.0.1","remote_port":5600,"tp_size":1}}""");

    readonly WebApplication app;

    PacedBackend(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public static async Task<PacedBackend> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>What a process of its own runs.</summary>
    public static async Task<int> RunAsync(int core)
    {
        EngineUnderTest.Pin(core);
        await using var backend = await StartAsync();
        Console.WriteLine(backend.Address);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    static async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/health")
            return;
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        if (body.RootElement.TryGetProperty("kv_transfer_params", out var transfer) && transfer.TryGetProperty("do_remote_decode", out var holds) && holds.GetBoolean())
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Held.Length;
            await http.Response.Body.WriteAsync(Held);
            return;
        }

        http.Response.ContentType = "text/event-stream; charset=utf-8";
        var (events, isPaced) = (body.RootElement.GetProperty("max_tokens").GetInt32(), body.RootElement.GetProperty("model").GetString() != Burst);
        using var step = new PeriodicTimer(Pace);
        for (var i = 0; i < events; i++)
        {
            await WriteAsync(http.Response, $$"""{"id":"cmpl-0","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":" {{Stopwatch.GetTimestamp()}}","logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}],"usage":null}""");
            if (isPaced)
                await step.WaitForNextTickAsync();
        }
        await WriteAsync(http.Response, $$"""{"id":"cmpl-0","object":"text_completion","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":1,"total_tokens":{{1 + events}},"completion_tokens":{{events}} } }""");
        await WriteAsync(http.Response, "[DONE]");
    }

    static async Task WriteAsync(HttpResponse response, string data)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        await response.Body.FlushAsync();
    }
}
