using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Spark.Notebooks;

/// <summary>The way to the backends: one pool of HTTP/1.1 connections, and YARP's forwarder over it.</summary>
internal sealed class Upstream : IDisposable
{
    // vLLM's server closes connections that idle for 5 s: those must be given up before, or a request may meet the close half-way.
    static readonly TimeSpan PooledIdleTimeout = TimeSpan.FromSeconds(4);
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    readonly ServiceProvider services = new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddHttpForwarder()
        .BuildServiceProvider();

    readonly HttpMessageInvoker http;

    public Upstream(GatewayOptions options, TimeProvider clock)
    {
        (Options, Clock) = (options, clock);
        Forwarder = services.GetRequiredService<IHttpForwarder>();
        http = new(Connections);
    }

    public GatewayOptions Options { get; }

    public TimeProvider Clock { get; }

    public IHttpForwarder Forwarder { get; }

    public HttpMessageHandler Connections { get; } = new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionIdleTimeout = PooledIdleTimeout,
        // An answer that nobody wants any more is cut off at once, which is how vLLM learns that it may stop generating.
        MaxResponseDrainSize = 0,
    };

    /// <summary>Asks a backend on behalf of a client, whose id and key go along.</summary>
    /// <exception cref="HttpRequestException">No answer.</exception>
    public async Task<UpstreamAnswer> SendAsync(HttpMethod method, BackendState backend, string path, ReadOnlyMemory<byte>? json, Exchange? exchange, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, RequestUtilities.MakeDestinationAddress(backend.Prefix, path, default)) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (json is { } body)
        {
            request.Content = new LegBody(body);
            request.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, "application/json");
        }

        if (exchange is not null)
            request.Headers.TryAddWithoutValidation(GatewayHeaders.RequestId, exchange.Id);
        if (exchange?.Http.Request.Headers.Authorization is { Count: > 0 } authorization)
            request.Headers.TryAddWithoutValidation(HeaderNames.Authorization, (string?)authorization);
        using var response = await http.SendAsync(request, cancellation);
        var type = response.Content.Headers.NonValidated.TryGetValues(HeaderNames.ContentType, out var types) ? types.ToString() : "";
        return new((int)response.StatusCode, type, await response.Content.ReadAsByteArrayAsync(cancellation));
    }

    /// <summary>Whether not even a connection came about, so that nothing can have been asked.</summary>
    public static bool IsUnreachable(Exception? error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } || IsConnectTimeout(error);

    /// <summary>Why no answer came, in words.</summary>
    public static string? Reason(Exception? error) => IsConnectTimeout(error) ? FormattableString.Invariant($"no connection within {ConnectTimeout.TotalSeconds:0.###} s") : error?.Message;

    /// <summary>What a leg's record says of a backend that answered 503, with the beginning of what it said.</summary>
    public static string Declined(BackendState backend, ReadOnlySpan<byte> answer) => $"{backend.Name} declined (503): {Encoding.UTF8.GetString(answer)}";

    // A deadline cancels by its token: only the handler's own timeout has this cause (dotnet/runtime issue 66297).
    static bool IsConnectTimeout(Exception? error) => error is OperationCanceledException { InnerException: TimeoutException };

    public void Dispose()
    {
        http.Dispose();
        services.Dispose();
    }
}
