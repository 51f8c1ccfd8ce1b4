using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Spark.Engine;

/// <summary>vLLM's HTTP API on Kestrel. A request finds its endpoint, which reads and checks it, has the engine generate, and writes; whatever goes wrong becomes vLLM's error object.</summary>
public sealed class ApiServer
{
    delegate Task Endpoint(HttpContext http, CancellationToken cancellation);

    readonly Serving serving;
    readonly ApiKeys keys;
    readonly Dictionary<string, (string[] Methods, Endpoint Handle)> routes;

    // The second comes a drain period after the first.
    readonly CancellationToken stopping, drained;

    ApiServer(Serving serving, CancellationToken stopping, CancellationToken drained)
    {
        (this.serving, this.stopping, this.drained) = (serving, stopping, drained);
        keys = new(serving.Options.ApiKeys);
        var (server, tokenize) = (new ServerEndpoints(serving), new TokenizeEndpoint(serving));
        routes = new()
        {
            ["/v1/completions"] = (["POST"], new CompletionsEndpoint(serving).HandleAsync),
            ["/v1/chat/completions"] = (["POST"], new ChatEndpoint(serving).HandleAsync),
            ["/v1/models"] = (["GET"], server.ModelsAsync),
            ["/tokenize"] = (["POST"], tokenize.TokenizeAsync),
            ["/detokenize"] = (["POST"], tokenize.DetokenizeAsync),
            ["/health"] = (["GET"], server.HealthAsync),
            ["/ping"] = (["GET", "POST"], server.HealthAsync),
            ["/version"] = (["GET"], server.VersionAsync),
            ["/load"] = (["GET"], server.LoadAsync),
            ["/metrics"] = (["GET"], server.MetricsAsync),
        };
    }

    /// <summary>A server that listens once it is started, which is to be after it was given an engine.</summary>
    public static WebApplication Build(ApiOptions options)
    {
        // An empty builder, without routing and logging: half the start-up time of the slim one.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Listen(Address(options.Host), options.Port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainPeriod + TimeSpan.FromSeconds(5));
        return builder.Build();
    }

    /// <summary>Has a server that is not started yet serve an engine. Stopping it closes its port at once, lets running requests go on for the drain period, and then aborts them.</summary>
    public static void Serve(WebApplication app, ApiOptions options, IEngine engine, Tokenizer tokenizer, ChatTemplate chatTemplate, TimeProvider? clock = null)
    {
        var drained = new CancellationTokenSource();
        app.Lifetime.ApplicationStopping.Register(() => drained.CancelAfter(options.DrainPeriod));
        app.Lifetime.ApplicationStopped.Register(drained.Dispose);
        var serving = new Serving(options, engine, tokenizer, chatTemplate, clock ?? TimeProvider.System);
        app.Run(new ApiServer(serving, app.Lifetime.ApplicationStopping, drained.Token).HandleAsync);
    }

    async Task HandleAsync(HttpContext http)
    {
        if (serving.Options.EnableRequestIdHeaders)
            http.Response.Headers["X-Request-Id"] = Serving.RequestId(http, "");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drained);
        try
        {
            await RouteAsync(http, ending.Token);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var error = e is OperationCanceledException ? ApiException.ShuttingDown() : ApiException.From(e);
            await JsonResponse.WriteAsync(http, error.Write, error.Status);
        }
    }

    Task RouteAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!keys.Admits(http.Request))
            return RefuseAsync(http, 401, "error", "Unauthorized");
        if (!routes.TryGetValue(http.Request.Path.Value!, out var route))
            return RefuseAsync(http, 404, "detail", "Not Found");
        if (!route.Methods.Contains(http.Request.Method))
        {
            http.Response.Headers.Allow = string.Join(", ", route.Methods);
            return RefuseAsync(http, 405, "detail", "Method Not Allowed");
        }
        return stopping.IsCancellationRequested ? throw ApiException.ShuttingDown() : route.Handle(http, cancellation);
    }

    static Task RefuseAsync(HttpContext http, int status, string field, string what) => JsonResponse.WriteAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString(field, what);
        json.WriteEndObject();
    }, status);

    static IPAddress Address(string host) => IPAddress.TryParse(host, out var address) ? address : Dns.GetHostAddresses(host)[0];
}
