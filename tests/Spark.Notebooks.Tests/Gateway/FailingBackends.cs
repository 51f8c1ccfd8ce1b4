using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

public class FailingBackends
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_backend_that_is_gone_leaves_its_requests_to_the_others()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("gone", StubServer.Nowhere()), vllm.As("node-1")));
        using var client = new GatewayClient(gateway.Address);
        for (var i = 0; i < 4; i++)
            Assert.Equal(Vllm013.Text(40, 4), await client.StreamedTextAsync(GatewayClient.Body()));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 4, "all are written down");
        Assert.Equal(["gone", "node-1"], gateway.Routed[0].Legs.Select(leg => leg.Backend));
        Assert.Contains("refused", gateway.Routed[0].Legs[0].Error);
        Assert.All(gateway.Routed.Skip(1), routed => Assert.Equal("node-1", routed.Legs.Single().Backend));
        Assert.Equal((true, 1L, 0), (gateway.Snapshot().Backends[0].Ejected, gateway.Snapshot().Backends[0].Failed, gateway.Snapshot().Backends[0].InFlight));
    }

    [Fact]
    public async Task A_backend_that_declines_leaves_its_requests_to_the_others()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var declining = await StubServer.StartAsync(StubServer.Declining);
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("declining", declining.Address), vllm.As("node-1")));
        using var client = new GatewayClient(gateway.Address);
        for (var i = 0; i < 4; i++)
            Assert.Equal(Vllm013.Text(40, 4), await client.StreamedTextAsync(GatewayClient.Body()));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 4, "all are written down");
        Assert.Equal(["declining", "node-1"], gateway.Routed[0].Legs.Select(leg => leg.Backend));
        Assert.Equal((503, "declining declined (503): The server is shutting down."), (gateway.Routed[0].Legs[0].Status, gateway.Routed[0].Legs[0].Error));
        Assert.All(gateway.Routed, routed => Assert.Equal(RoutedOutcome.Completed, routed.Outcome));
        Assert.All(gateway.Routed.Skip(1), routed => Assert.Equal("node-1", routed.Legs.Single().Backend));
        Assert.Equal((true, 0), (gateway.Snapshot().Backends[0].Ejected, gateway.Snapshot().Backends[0].InFlight));
    }

    [Fact]
    public async Task A_backend_that_lets_no_connection_come_about_leaves_its_requests_to_the_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A full queue of connections drops further ones silently on Linux alone.");
        // A listener that accepts nobody: once its queue is full, who connects gets no answer at all.
        using var full = new TcpListener(IPAddress.Loopback, 0);
        full.Start(1);
        var waiting = Enumerable.Range(0, 4).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToArray();
        foreach (var socket in waiting)
            _ = socket.ConnectAsync(full.LocalEndpoint);
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("silent", new($"http://{full.LocalEndpoint}")), vllm.As("node-1")));
        using var client = new GatewayClient(gateway.Address);
        Assert.Equal(Vllm013.Text(40, 4), await client.StreamedTextAsync(GatewayClient.Body()));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "it is written down");
        Assert.Equal(["silent", "node-1"], gateway.Routed[0].Legs.Select(leg => leg.Backend));
        Assert.EndsWith("no connection within 5 s", gateway.Routed[0].Legs[0].Error);
        Assert.True(gateway.Snapshot().Backends[0].Ejected);
        Array.ForEach(waiting, socket => socket.Dispose());
    }

    [Fact]
    public async Task Where_the_last_backend_declines_the_client_is_told_what_it_said()
    {
        await using var declining = await StubServer.StartAsync(StubServer.Declining);
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", declining.Address)));
        using var client = new GatewayClient(gateway.Address);
        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("The server is shutting down.", GatewayClient.ErrorMessage(response, body));
    }

    [Fact]
    public async Task Without_any_backend_the_client_is_told_which_are_missing_and_why()
    {
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", StubServer.Nowhere())));
        using var client = new GatewayClient(gateway.Address);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health")).StatusCode);
        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Matches("No serve backend is healthy: node-0 at http://127.0.0.1:[0-9]+/ is ejected \\(.*refused", GatewayClient.ErrorMessage(response, body));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("health")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("v1/models")).StatusCode);
        Assert.Equal(RoutedOutcome.Failed, gateway.Routed.Single().Outcome);
    }

    [Fact]
    public async Task A_frozen_backend_costs_its_client_the_first_byte_deadline()
    {
        await using var frozen = await StubServer.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", frozen.Address)) with { FirstByteDeadline = Soon });
        using var client = new GatewayClient(gateway.Address);
        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("node-0 sent no first byte within 1 s.", GatewayClient.ErrorMessage(response, body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Type")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Garbage_is_no_answer(string garbage)
    {
        await using var backend = new RawServer(garbage);
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new GatewayClient(gateway.Address);
        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.StartsWith("node-0 gave no answer: ", GatewayClient.ErrorMessage(response, body));
        Assert.Equal(1, gateway.Snapshot().Backends.Single().Failed);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_in_vLLMs_words_and_the_backend_may_stop()
    {
        await using var vllm = await Vllm013.StartAsync();
        vllm.BeforeToken = (http, i) => i == 2 ? Task.Delay(Timeout.Infinite, http.RequestAborted) : Task.CompletedTask;
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")) with { IdleDeadline = Soon });
        await EndsInErrorAsync(gateway, "node-0 sent nothing more for 1 s.", 504);
        await Eventually.TrueAsync(() => vllm.Aborted == 1, "the backend knows that it may stop");
    }

    [Fact]
    public async Task A_stream_that_breaks_off_ends_in_vLLMs_words()
    {
        await using var backend = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: 0\n\n\r\n9\r\ndata: 1\n\n\r\n");
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        await EndsInErrorAsync(gateway, "node-0 broke off its answer: ", 502);
    }

    static async Task EndsInErrorAsync(Gateway gateway, string error, int code)
    {
        using var client = new GatewayClient(gateway.Address);
        var (response, stream) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var events = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.True(events.Length == 4, stream);
        Assert.StartsWith($$$"""data: {"error":{"message":"{{{error}}}""", events[2]);
        Assert.EndsWith($",\"param\":null,\"code\":{code}}}}}", events[2]);
        Assert.Equal("data: [DONE]", events[3]);
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        Assert.Equal((RoutedOutcome.Failed, 1L), (gateway.Routed.Single().Outcome, gateway.Snapshot().Backends.Single().Failed));
        Assert.StartsWith(error, gateway.Routed.Single().Error);
    }

    [Fact]
    public async Task A_whole_answer_that_breaks_off_breaks_off_for_the_client()
    {
        await using var backend = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":");
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new GatewayClient(gateway.Address);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(GatewayClient.Body(stream: false)));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        Assert.Equal(RoutedOutcome.Failed, gateway.Routed.Single().Outcome);
        Assert.StartsWith("node-0 broke off its answer: ", gateway.Routed.Single().Error);
    }

    [Fact]
    public async Task Models_are_listed_without_the_backend_that_talks_nonsense()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var nonsense = await StubServer.StartAsync(http => http.Response.WriteAsync("<html>"));
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0"), new Backend("node-1", nonsense.Address)));
        using var engine = new EngineClient("gateway", gateway.Address);
        Assert.Equal([Vllm013.Model, vllm.RunId], await engine.GetModelNamesAsync());
    }
}
