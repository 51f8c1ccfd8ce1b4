using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Spark.Notebooks;

/// <summary>Kestrel by itself, on loopback: without a host there are no console logs, signal handlers or settings files that a notebook's process would have to bear with.</summary>
internal sealed class GatewayServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    public const long MaxBodyBytes = 32 << 20;

    readonly RequestDelegate handle;
    readonly KestrelServer kestrel;

    public GatewayServer(int port, RequestDelegate handle)
    {
        this.handle = handle;
        var options = new KestrelServerOptions { AddServerHeader = false, ResponseHeaderEncodingSelector = _ => Encoding.UTF8 };
        options.Limits.MaxRequestBodySize = MaxBodyBytes;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel = new(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    public Uri Address => new(kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <exception cref="IOException">The port is taken.</exception>
    public Task StartAsync(CancellationToken cancellation) => kestrel.StartAsync(this, cancellation);

    /// <summary>Closes the port, and every connection at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await kestrel.StopAsync(new CancellationToken(true));
        kestrel.Dispose();
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => handle(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }
}
