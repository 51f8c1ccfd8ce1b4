using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Spark.Benchmarks;

/// <summary>A server that computes nothing: it streams events at the pace of a decode step, the first at once, and hands over blocks that it does not have.</summary>
sealed class PacedBackend : IAsyncDisposable
{
    public const int Events = 64;
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    static readonly byte[] Event = Encoding.UTF8.GetBytes("""
        data: {"id":"cmpl-0","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":" word","logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}],"usage":null}


        """.ReplaceLineEndings("\n"));

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

    public ValueTask DisposeAsync() => app.DisposeAsync();

    static async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Path == "/health")
            return;
        using var reader = new StreamReader(http.Request.Body);
        if ((await reader.ReadToEndAsync()).Contains("\"do_remote_decode\":true", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Held.Length;
            await http.Response.Body.WriteAsync(Held);
            return;
        }

        http.Response.ContentType = "text/event-stream; charset=utf-8";
        using var step = new PeriodicTimer(Pace);
        for (var i = 0; i < Events; i++)
        {
            await http.Response.Body.WriteAsync(Event);
            await http.Response.Body.FlushAsync();
            await step.WaitForNextTickAsync();
        }
    }
}
