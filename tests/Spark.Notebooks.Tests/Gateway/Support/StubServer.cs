using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Spark.Notebooks.Tests;

/// <summary>A real HTTP server on loopback that does what a test tells it.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    readonly WebApplication app;

    StubServer(int port, RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(handle);
    }

    public Uri Address => new(app.Urls.Single());

    public static async Task<StubServer> StartAsync(RequestDelegate handle, int port = 0)
    {
        var server = new StubServer(port, handle);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>What an engine says of every request once it was told to end.</summary>
    public static Task Declining(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync("The server is shutting down.");
    }

    /// <summary>An address where nobody listens.</summary>
    public static Uri Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://{listener.LocalEndpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }
}
