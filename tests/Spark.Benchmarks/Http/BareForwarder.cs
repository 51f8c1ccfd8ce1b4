using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Spark.Benchmarks;

/// <summary>The least that YARP can be: every request goes to one server, and nothing is known of it. With two legs the request is sent once for itself before that, as a prefill is.</summary>
sealed class BareForwarder(WebApplication app, HttpMessageInvoker http) : IAsyncDisposable
{
    public Uri Address => new(app.Urls.Single());

    public static async Task<BareForwarder> StartAsync(Uri backend, bool twoLegs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null });
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var config = new ForwarderRequestConfig { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        app.Run(async context =>
        {
            if (twoLegs)
                await PrefillAsync(context, new(backend, context.Request.Path), http);
            await forwarder.SendAsync(context, backend.AbsoluteUri, http, config);
        });
        await app.StartAsync();
        return new(app, http);
    }

    static async Task PrefillAsync(HttpContext context, Uri address, HttpMessageInvoker http)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        // The last brace makes room for what makes a prefill of the request.
        var prefill = new MemoryStream([.. body.ToArray().AsSpan(0, (int)body.Length - 1), .. ""","kv_transfer_params":{"do_remote_decode":true}}"""u8]);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StreamContent(prefill) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        using var response = await http.SendAsync(request, context.RequestAborted);
        await response.Content.LoadIntoBufferAsync(context.RequestAborted);
        body.Position = 0;
        context.Request.Body = body;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }
}
