using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

public class SendingRequests
{
    [Fact]
    public async Task A_stream_becomes_a_timeline_of_its_chunks()
    {
        await using var server = await FakeVllm.StartAsync();
        var answer = await SendAsync(server, outputTokens: 5);
        Assert.Null(answer.Error);
        Assert.Equal((3, "node-0", 4, 5, 5, "length"), (answer.Index, answer.Node, answer.PromptTokens, answer.RequestedTokens, answer.OutputTokens, answer.FinishReason));
        Assert.Equal(5, answer.TokenTimes.Count);
        Assert.Equal(answer.TokenTimes.Order(), answer.TokenTimes);
        Assert.True(answer.Sent <= answer.TokenTimes[0]);
    }

    [Fact]
    public async Task The_body_is_that_of_vllm_bench_serve_with_the_runs_own_cache_salt()
    {
        await using var server = await FakeVllm.StartAsync();
        await SendAsync(server, outputTokens: 5);
        Assert.Equal(
            """{"model":"run-fake","prompt":[1,2,3,4],"max_tokens":5,"cache_salt":"bench-x","temperature":0,"repetition_penalty":1,"logprobs":null,"stream":true,"stream_options":{"include_usage":true},"ignore_eos":true}""",
            server.Received.Single().GetRawText());
    }

    [Fact]
    public async Task Arrivals_follow_the_servers_own_times_of_sending()
    {
        // Server and client share this process's clock, so that the client's error can be read off directly.
        var emitted = new List<long>();
        await using var server = await FakeVllm.StartAsync(async (server, request, response) => await server.StreamAsync(request, response, async _ =>
        {
            await Task.Delay(20);
            emitted.Add(TimeProvider.System.GetTimestamp());
        }));
        using var client = new CompletionClient(server.Target, TimeProvider.System);
        await client.SendAsync(0, new([1], 1), "warm-up", TimeProvider.System.GetTimestamp(), default);
        emitted.Clear();

        var started = TimeProvider.System.GetTimestamp();
        var answer = await client.SendAsync(0, new([1, 2], 25), "bench", started, default);
        var truth = emitted.Select(stamp => TimeProvider.System.GetElapsedTime(started, stamp)).ToList();
        Assert.Equal(25, answer.TokenTimes.Count);
        Assert.All(answer.TokenTimes.Zip(truth), pair => Assert.True(pair.First >= pair.Second, "A token cannot arrive before it was sent."));

        var gaps = Distribution.OfMilliseconds(truth.Zip(truth.Skip(1), (a, b) => b - a));
        var ratio = Distribution.OfMilliseconds(answer.Itl).Median / gaps.Median;
        Assert.InRange(ratio, 0.5, 2);
        var lag = Distribution.OfMilliseconds(answer.TokenTimes.Zip(truth, (arrived, sent) => arrived - sent));
        TestContext.Current.TestOutputHelper!.WriteLine($"lag {lag}; ITL ratio {ratio:0.0000}");
    }

    [Fact]
    public async Task Cached_tokens_are_read_where_the_engine_tells_them()
    {
        await using var server = await FakeVllm.StartAsync((_, _, response) => response.WriteAsync(
            """data: {"choices":[{"finish_reason":"stop"}]}""" + "\n\n"
            + """data: {"choices":[],"usage":{"prompt_tokens":4,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":3}}}""" + "\n\ndata: [DONE]\n\n"));
        Assert.Equal(3, (await SendAsync(server)).CachedTokens);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"maximum context length is 8","type":"BadRequestError","param":null,"code":400}}""", "400 BadRequestError: maximum context length is 8")]
    [InlineData(401, """{"error":"Unauthorized"}""", """401 {"error":"Unauthorized"}""")]
    [InlineData(404, """{"detail":"Not Found"}""", """404 {"detail":"Not Found"}""")]
    [InlineData(503, "", "503 Service Unavailable")]
    [InlineData(502, "<html>bad gateway</html>", "502 <html>bad gateway</html>")]
    public async Task An_error_answer_is_kept_with_its_status_and_the_servers_words(int status, string body, string error)
    {
        await using var server = await FakeVllm.StartAsync((_, _, response) =>
        {
            response.StatusCode = status;
            return response.WriteAsync(body);
        });
        Assert.Equal(error, (await SendAsync(server)).Error);
    }

    [Theory]
    [InlineData("""data: {"choices":[{}]}""" + "\n\n" + """data: {"error":{"message":"Internal server error","type":"InternalServerError","code":500}}""" + "\n\ndata: [DONE]\n\n", "InternalServerError: Internal server error")]
    [InlineData("data: [DONE]\n\n", "the stream held no token")]
    [InlineData("""data: {"choices":[{}]}""" + "\n\ndata: [DONE]\n\n", "the stream held no usage")]
    [InlineData("""data: {"choices":[{}],"usage":{"prompt_tokens":4,"completion_tokens":1}}""" + "\n\n", "the stream ended without [DONE]")]
    [InlineData("data: what?\n\n", "an event that is no chunk: what?")]
    public async Task A_stream_that_goes_wrong_fails_its_request(string stream, string error)
    {
        await using var server = await FakeVllm.StartAsync((_, _, response) => response.WriteAsync(stream));
        Assert.Equal(error, (await SendAsync(server)).Error);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_fails_its_request()
    {
        await using var server = await FakeVllm.StartAsync(async (_, _, response) =>
        {
            await response.WriteAsync("""data: {"choices":[{}]}""" + "\n\n");
            await response.Body.FlushAsync();
            response.HttpContext.Abort();
        });
        var answer = await SendAsync(server);
        Assert.False(answer.Succeeded);
        Assert.InRange(answer.TokenTimes.Count, 0, 1);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_the_request()
    {
        var server = await FakeVllm.StartAsync();
        var target = server.Target;
        await server.DisposeAsync();
        using var client = new CompletionClient(target, TimeProvider.System);
        Assert.Contains("refused", (await client.SendAsync(0, new([1], 1), "bench", 0, default)).Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_at_the_deadline()
    {
        await using var server = await FakeVllm.StartAsync((_, _, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted));
        using var client = new CompletionClient(server.Target, TimeProvider.System) { Deadline = TimeSpan.FromMilliseconds(200) };
        Assert.Equal("no end within 0 s", (await client.SendAsync(0, new([1], 1), "bench", 0, default)).Error);
    }

    [Fact]
    public async Task Cancelling_throws()
    {
        await using var server = await FakeVllm.StartAsync((_, _, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted));
        using var client = new CompletionClient(server.Target, TimeProvider.System);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(0, new([1], 1), "bench", 0, cancel.Token));
    }

    static async Task<RequestTimeline> SendAsync(FakeVllm server, int outputTokens = 1)
    {
        using var client = new CompletionClient(server.Target, TimeProvider.System);
        return await client.SendAsync(3, new([1, 2, 3, 4], outputTokens), "bench-x", TimeProvider.System.GetTimestamp(), default);
    }
}
