using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks;

/// <summary>A reverse proxy for vLLM servers in this process: it balances requests over backends, or splits each into a prefill and a decode leg.</summary>
public sealed class Gateway : IAsyncDisposable
{
    const string RetryAfterSeconds = "1";

    readonly GatewayOptions options;
    readonly TimeProvider clock;
    readonly Upstream upstream;
    readonly BackendPool backends, prefill;
    readonly IReadOnlyList<BackendState> everyone;
    readonly SingleLeg single;
    readonly TokenCounter tokens;
    readonly IRoute completions;
    readonly ModelList models;
    readonly GatewayCounters counters = new();
    readonly RoutedLog routed;
    readonly GatewayServer server;
    HealthProbes? probes;

    Gateway(GatewayOptions options, TimeProvider clock)
    {
        (this.options, this.clock) = (options, clock);
        upstream = new(options, clock);
        prefill = Pool("prefill", options.Prefill);
        backends = Pool(options.Prefill.Count > 0 ? "decode" : "serve", options.Backends);
        everyone = [.. prefill.Backends, .. backends.Backends];
        single = new(backends, options.Policy, upstream);
        tokens = new(backends, upstream);
        completions = options.Prefill.Count == 0 ? single
            : new PrefillDecode(prefill, single, new(tokens, options.MinRemotePrefillTokens), new(backends, upstream, counters), upstream, counters);
        models = new(everyone, upstream);
        routed = new(options.RoutedCapacity);
        server = new(options.Port, HandleAsync);
        var files = OpenFileLimit.Read();
        MaxInFlight = options.MaxInFlight ?? OpenFileLimit.MaxInFlight(files);
        Warnings = OpenFileLimit.Warning(files, MaxInFlight) is { } warning ? [warning] : [];
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => server.Address;

    /// <summary>The most that it lets be in flight at once.</summary>
    public int MaxInFlight { get; }

    /// <summary>What on this machine may keep it from its limit; empty when nothing does.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The last requests that ended, newest last.</summary>
    public IReadOnlyList<RoutedRequest> Routed => routed.ToList();

    public GatewaySnapshot Snapshot() => new()
    {
        Backends = [.. everyone.Select(backend => backend.Snapshot())],
        InFlight = counters.InFlight,
        Rejected = counters.RejectedRequests,
        ClientsGone = counters.ClientsGone,
        Fallbacks = counters.Fallbacks,
        Bypasses = counters.Bypasses,
    };

    /// <summary>Starts listening on 127.0.0.1.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<Gateway> StartAsync(GatewayOptions options, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        options.Validate();
        var gateway = new Gateway(options, clock ?? TimeProvider.System);
        try
        {
            await gateway.server.StartAsync(cancellation);
            gateway.probes = new(gateway.everyone, gateway.upstream);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes its port and every connection; requests at work end as if their clients had gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (probes is not null)
            await probes.DisposeAsync();
        await server.DisposeAsync();
        upstream.Dispose();
        tokens.Dispose();
    }

    async Task HandleAsync(HttpContext http)
    {
        try
        {
            await (!Admits(http.Request) ? WholeAnswer.WriteAsync(http, StatusCodes.Status401Unauthorized, """{"error":"Unauthorized"}"""u8.ToArray()) : http.Request.Path.Value switch
            {
                "/health" => HealthAsync(http),
                "/metrics" => MetricsAsync(http),
                _ => ForwardAsync(http),
            });
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            await VllmError.WriteAsync(http, error.StatusCode, error.Message);
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            await VllmError.WriteAsync(http, StatusCodes.Status500InternalServerError, $"The gateway failed: {error.Message}");
        }
        catch (Exception)
        {
            http.Abort();
        }
    }

    async Task ForwardAsync(HttpContext http)
    {
        var exchange = new Exchange(http, await RequestBody.ReadAsync(http.Request), clock);
        switch (http.Request.Method, exchange.Path)
        {
            case ("GET", "/v1/models"):
                await models.ServeAsync(exchange);
                break;
            case ("POST", "/v1/completions" or "/v1/chat/completions"):
                await ServeAsync(exchange, completions);
                break;
            case ("POST", var path) when path.StartsWith("/v1/", StringComparison.Ordinal):
                await ServeAsync(exchange, single);
                break;
            default:
                await single.ServeAsync(exchange);
                break;
        }
    }

    async Task ServeAsync(Exchange exchange, IRoute route)
    {
        if (!counters.TryEnter(MaxInFlight))
        {
            await RejectAsync(exchange, route);
            return;
        }

        try
        {
            await route.ServeAsync(exchange);
        }
        finally
        {
            counters.Leave();
            if (exchange.Outcome is RoutedOutcome.ClientGone)
                counters.ClientGone();
            routed.Add(exchange.ToRecord(route.Name));
        }
    }

    async Task RejectAsync(Exchange exchange, IRoute route)
    {
        counters.Rejected();
        await exchange.FailAsync(StatusCodes.Status429TooManyRequests, $"{MaxInFlight} requests are in flight, which is this gateway's limit. Retry after {RetryAfterSeconds} s.");
        exchange.Outcome = RoutedOutcome.Rejected;
        routed.Add(exchange.ToRecord(route.Name));
    }

    Task HealthAsync(HttpContext http)
    {
        if (!backends.Healthy.Any())
            return VllmError.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, $"No {backends.Role} backend is healthy: {backends}.");
        return Task.CompletedTask;
    }

    Task MetricsAsync(HttpContext http) =>
        WholeAnswer.WriteAsync(http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(GatewayMetrics.Text(everyone, counters)), ExpositionText.ContentType);

    bool Admits(HttpRequest request) => options.ApiKey is not { } key || request.Path.Value?.StartsWith("/v1", StringComparison.Ordinal) is not true
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes($"{request.Headers.Authorization}"), Encoding.UTF8.GetBytes($"Bearer {key}"));

    BackendPool Pool(string role, IReadOnlyList<Backend> members) =>
        new(role, [.. members.Select(backend => new BackendState(backend, role, options, clock))], RoutingPolicies.Create(options.Policy, options.Random));
}
