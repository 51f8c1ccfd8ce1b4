using System.Net;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

public class ForwardingRequests
{
    [Fact]
    public async Task A_stream_arrives_with_the_backends_status_and_content_type()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new GatewayClient(gateway.Address);
        var (response, stream) = await client.AskAsync(GatewayClient.Body(40, 5), id: "bench-7");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream; charset=utf-8"), (response.StatusCode, $"{response.Content.Headers.ContentType}"));
        Assert.Equal(Vllm013.Text(40, 5), GatewayClient.StreamedText(stream));
        Assert.Equal("node-0", GatewayClient.Header(response, "X-Spark-Backend"));
        Assert.Equal("bench-7", GatewayClient.Header(response, "X-Request-Id"));
        Assert.Matches(@"^serve;desc=""node-0"";dur=\d+(\.\d+)?$", GatewayClient.Header(response, "Server-Timing"));
        Assert.Null(GatewayClient.Header(response, "X-Spark-Fallback"));
    }

    [Fact]
    public async Task The_backend_gets_the_clients_own_bytes_id_and_key()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new GatewayClient(gateway.Address);
        var body = """{ "model" : "tales",  "prompt":"caf\u00e9 🦊", "max_tokens":2 }""";
        await client.AskAsync(body, id: "mine", authorization: "Bearer secret");
        await client.AskAsync(body);

        Assert.All(vllm.Requests, request => Assert.Equal(body, request.Body));
        Assert.Equal(("mine", "Bearer secret"), (vllm.Requests.First().RequestId, vllm.Requests.First().Authorization));
        Assert.Matches("^[0-9a-f]{32}$", vllm.Requests.Last().RequestId);
        Assert.Equal([.. gateway.Routed.Select(request => request.Id)], vllm.Requests.Select(request => request.RequestId));
    }

    [Fact]
    public async Task Headers_beyond_ASCII_pass_both_ways_and_are_no_fault_of_the_backend()
    {
        await using var backend = await StubServer.StartAsync(http =>
        {
            http.Response.Headers["X-Echo"] = Uri.EscapeDataString($"{http.Request.Headers["X-Request-Id"]}");
            return http.Response.WriteAsync("{}");
        });
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new GatewayClient(gateway.Address);
        var (response, _) = await client.AskAsync("{}", id: "café-🦊");
        Assert.Equal(("café-🦊", Uri.EscapeDataString("café-🦊")), (GatewayClient.Header(response, "X-Request-Id"), GatewayClient.Header(response, "X-Echo")));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        Assert.Equal((0L, "café-🦊"), (gateway.Snapshot().Backends.Single().Failed, gateway.Routed.Single().Id));
    }

    [Fact]
    public async Task Each_event_arrives_while_the_backend_has_yet_to_send_the_next()
    {
        using var turns = new SemaphoreSlim(0);
        await using var vllm = await Vllm013.StartAsync();
        vllm.BeforeToken = async (http, i) => await (i >= 0 ? turns.WaitAsync(http.RequestAborted) : Task.CompletedTask);
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new GatewayClient(gateway.Address);

        var sending = client.SendAsync(GatewayClient.Body(8, 20));
        var buffer = new byte[4096];
        turns.Release();
        await using var stream = await (await sending).Content.ReadAsStreamAsync();
        for (var i = 0; i < 20; i++)
        {
            var text = "";
            while (!text.EndsWith("\n\n", StringComparison.Ordinal))
                text += Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
            Assert.Single(text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries), data => data != "data: [DONE]");
            turns.Release();
        }
    }

    [Fact]
    public Task Bytes_arrive_unmodified_however_they_are_chunked() => Gen.Select(Gen.Byte.Array[1, 3000].Array[0, 20], Gen.Bool).SampleAsync(async (chunks, events) =>
    {
        await using var backend = await StubServer.StartAsync(async http =>
        {
            http.Response.ContentType = events ? "text/event-stream" : "application/octet-stream";
            foreach (var chunk in chunks)
            {
                await http.Response.Body.WriteAsync(chunk);
                await http.Response.Body.FlushAsync();
            }
        });
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new GatewayClient(gateway.Address);
        using var response = await client.SendAsync("{}");
        Assert.Equal(chunks.SelectMany(chunk => chunk), await response.Content.ReadAsByteArrayAsync());
    }, iter: 60, threads: 1);

    [Fact]
    public Task Request_bodies_arrive_unmodified_with_and_without_a_length() => Gen.Select(Gen.Byte.Array[0, 200_000], Gen.Bool).SampleAsync(async (sent, chunked) =>
    {
        byte[]? received = null;
        await using var backend = await StubServer.StartAsync(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received = body.ToArray();
        });
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "v1/completions")) { Content = new ByteArrayContent(sent), Headers = { TransferEncodingChunked = chunked, ExpectContinue = sent.Length % 2 == 0 } };
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(sent, received);
    }, iter: 30, threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_client_says_of_its_body_and_its_one_id_reach_the_backend(bool chunked)
    {
        IHeaderDictionary? received = null;
        await using var backend = await StubServer.StartAsync(http =>
        {
            received = new HeaderDictionary(http.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            return Task.CompletedTask;
        });
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-0", backend.Address)));
        using var client = new HttpClient();
        using var content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { { "Content-Type", "application/json; charset=utf-8" }, { "Content-Language", "de, en" } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "v1/completions")) { Content = content, Headers = { { "X-Request-Id", ["one", "two"] }, { "X-Of-The-Client", "kept" } } };
        request.Headers.TransferEncodingChunked = chunked;
        (await client.SendAsync(request)).Dispose();

        Assert.Equal(("2", "application/json; charset=utf-8", "de, en", "kept"), ($"{received!.ContentLength}", $"{received.ContentType}", $"{received.ContentLanguage}", $"{received["X-Of-The-Client"]}"));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        Assert.Equal(gateway.Routed.Single().Id, Assert.Single(received["X-Request-Id"]));
        Assert.Equal(0, received.TransferEncoding.Count);
    }

    [Theory]
    [InlineData("""{"model":"other","prompt":"x"}""", 404, """{"error":{"message":"The model `other` does not exist.","type":"NotFoundError","param":null,"code":404}}""")]
    [InlineData("""{"prompt":"x","max_tokens":0}""", 400, """{"error":{"message":"max_tokens must be at least 1, got 0.","type":"BadRequestError","param":null,"code":400}}""")]
    [InlineData("""{"prompt":""", 400, """{"error":{"message":"[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error'}]","type":"Bad Request","param":null,"code":400}}""")]
    public async Task A_backends_error_is_the_clients_error_byte_for_byte(string body, int status, string error)
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new GatewayClient(gateway.Address);
        using var direct = new GatewayClient(vllm.Address);
        var (response, text) = await client.AskAsync(body);
        var (_, expected) = await direct.AskAsync(body);
        Assert.Equal((status, expected), ((int)response.StatusCode, text));
        Assert.Equal(error, text);
        Assert.Equal(RoutedOutcome.Completed, gateway.Routed.Single().Outcome);
    }

    [Fact]
    public async Task What_is_no_completion_is_forwarded_too()
    {
        await using var vllm = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(vllm.As("node-0")));
        using var client = new GatewayClient(gateway.Address);
        Assert.Equal("""{"version":"0.13.0"}""", await client.TextAsync("version"));
        Assert.Contains("\"count\":4,", (await client.AskAsync("""{"prompt":"abc"}""", "tokenize")).Body);
        Assert.Equal("""{"prompt":"abc"}""", (await client.AskAsync("""{"tokens":[97,98,99]}""", "detokenize")).Body);
        var (unknown, text) = (await client.GetAsync("nowhere"), "");
        text = await unknown.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.NotFound, """{"detail":"Not Found"}"""), (unknown.StatusCode, text));
        Assert.Empty(gateway.Routed);
    }

    [Fact]
    public async Task Models_are_those_of_every_backend_each_once()
    {
        await using var one = await Vllm013.StartAsync();
        await using var two = await Vllm013.StartAsync();
        await using var three = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(one.As("node-0"), two.As("node-1")) with { Prefill = [three.As("node-2")] });
        using var engine = new EngineClient("gateway", gateway.Address);
        Assert.Equal(new[] { Vllm013.Model, one.RunId, two.RunId, three.RunId }.Order(), (await engine.GetModelNamesAsync()).Order());
    }
}
