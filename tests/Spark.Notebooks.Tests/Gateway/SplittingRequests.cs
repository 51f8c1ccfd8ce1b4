using System.Net;
using System.Text.Json.Nodes;

namespace Spark.Notebooks.Tests;

/// <summary>What holds of any prefill and decode instance that speak vLLM's protocol.</summary>
public abstract class SplittingRequests(ServingPair pair)
{
    static int prompts;

    public static TheoryData<bool, bool, bool> Shapes => [.. from chat in new[] { false, true } from ids in new[] { false, true } from stream in new[] { false, true } where !(chat && ids) select (chat, ids, stream)];

    [Theory, MemberData(nameof(Shapes))]
    public async Task The_pair_answers_what_one_instance_would(bool chat, bool ids, bool stream)
    {
        await using var gateway = await Gateway.StartAsync(pair.Options);
        var (path, body) = Request(chat, ids, $$""","max_tokens":12,"temperature":0,"ignore_eos":true,"stream":{{(stream ? "true" : "false")}}""");
        var pulls = await pair.PullsAsync();
        var (response, answer) = await AskAsync(gateway.Address, path, body);

        Assert.Equal((HttpStatusCode.OK, "node-1"), (response.StatusCode, GatewayClient.Header(response, "X-Spark-Backend")));
        Assert.Matches(@"^prefill;desc=""node-0"";dur=\d+(\.\d+)?, decode;desc=""node-1"";dur=\d+(\.\d+)?$", GatewayClient.Header(response, "Server-Timing"));
        Assert.Null(GatewayClient.Header(response, "X-Spark-Fallback") ?? GatewayClient.Header(response, "X-Spark-Bypass"));
        Assert.Equal(pulls + 1, await pair.PullsAsync());

        var routed = await RoutedAsync(gateway);
        Assert.Equal(("prefill decode", RoutedOutcome.Completed), (Roles(routed), routed.Outcome));
        Assert.Equal((routed.PromptTokens + 15) / 16, routed.KvBlocks);
        Assert.True(routed.Prefill!.Duration <= routed.Answer!.Start && routed.Answer.FirstByte <= routed.Answer.Duration && routed.Answer.Start + routed.Answer.Duration <= routed.Duration);

        var (alone, aloneText) = await AskAsync(pair.Decode.Address, path, body);
        Assert.Equal(alone.Content.Headers.ContentType, response.Content.Headers.ContentType);
        Assert.NotEmpty(GatewayClient.Text(aloneText));
        Assert.Equal(GatewayClient.Text(aloneText), GatewayClient.Text(answer));
        await pair.IdleAsync();
    }

    [Fact]
    public async Task Fields_that_one_token_could_not_have_do_not_keep_a_request_from_being_split()
    {
        await using var gateway = await Gateway.StartAsync(pair.Options);
        foreach (var chat in new[] { false, true })
        {
            var (path, body) = Request(chat, false, $$""","min_tokens":3,{{(chat ? "\"max_completion_tokens\"" : "\"max_tokens\"")}}:6,"stream":true,"stream_options":{"include_usage":true}""");
            var (response, answer) = await AskAsync(gateway.Address, path, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("\"usage\":{\"prompt_tokens\":", answer);
            Assert.Matches("\"completion_tokens\":[3-6]\\b", answer);
        }

        await Eventually.TrueAsync(() => gateway.Routed.Count == 2, "both are written down");
        Assert.All(gateway.Routed, routed => Assert.Equal((200, null), (routed.Prefill?.Status, routed.Fallback)));
        await pair.IdleAsync();
    }

    [Theory]
    [InlineData("""{"model":"tales","prompt":["a fox","a hen"],"max_tokens":2}""", "several prompts")]
    [InlineData("""{"model":"tales","prompt":[[5,6],[7]],"max_tokens":2}""", "several prompts")]
    [InlineData("""{"model":"tales","prompt":"a fox","n":2,"temperature":1,"max_tokens":2}""", "n > 1")]
    public async Task What_cannot_be_split_goes_to_the_decode_instance_alone(string body, string reason)
    {
        await using var gateway = await Gateway.StartAsync(pair.Options);
        var pulls = await pair.PullsAsync();
        var (response, _) = await AskAsync(gateway.Address, GatewayClient.Completions, body);
        Assert.Equal((HttpStatusCode.OK, reason), (response.StatusCode, GatewayClient.Header(response, "X-Spark-Bypass")));
        Assert.Equal(pulls, await pair.PullsAsync());
        var routed = await RoutedAsync(gateway);
        Assert.Equal(("decode", reason), (Roles(routed), routed.Bypass));
        Assert.Equal(1, gateway.Snapshot().Bypasses[reason]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Prompts_are_long_enough_by_the_tokens_that_they_really_have(bool chat, bool ids)
    {
        var (path, body) = Request(chat, ids, ""","max_tokens":2""");
        var (_, answer) = await AskAsync(pair.Decode.Address, path, body);
        var tokens = JsonNode.Parse(answer)!["usage"]!["prompt_tokens"]!.GetValue<int>();

        foreach (var (least, bypass) in new[] { (tokens, null), (tokens + 1, "short prompt") })
        {
            await using var gateway = await Gateway.StartAsync(pair.Options with { MinRemotePrefillTokens = least });
            var (response, _) = await AskAsync(gateway.Address, path, body);
            Assert.Equal((HttpStatusCode.OK, bypass), (response.StatusCode, GatewayClient.Header(response, "X-Spark-Bypass")));
            Assert.Equal((tokens, bypass), ((await RoutedAsync(gateway)).PromptTokens, gateway.Routed.Single().Bypass));
        }

        await pair.IdleAsync();
    }

    [Theory]
    [InlineData("""{"model":"other","prompt":"x"}""", 404)]
    [InlineData("""{"model":"tales","prompt":"x","max_tokens":0}""", 400)]
    [InlineData("""{"model":"tales","prompt":"x","max_tokens":2,"min_tokens":3}""", 400)]
    [InlineData("""{"model":"tales","prompt":"x","max_tokens":2,"stream_options":{"include_usage":true}}""", 400)]
    [InlineData("""{"model":"tales","prompt":"a fox that runs for long","max_tokens":100000}""", 400)]
    [InlineData("""{"model":"tales","prompt":""", 400)]
    [InlineData("""{"model":"tales","prompt":[5 6],"max_tokens":2}""", 400)]
    public async Task An_error_is_the_decode_instances_own_and_leaves_no_block_held(string body, int status)
    {
        await using var gateway = await Gateway.StartAsync(pair.Options);
        var (response, answer) = await AskAsync(gateway.Address, GatewayClient.Completions, body);
        var (_, expected) = await AskAsync(pair.Decode.Address, GatewayClient.Completions, body);
        Assert.Equal((status, expected), ((int)response.StatusCode, answer));
        await pair.IdleAsync();
        using var client = new GatewayClient(gateway.Address);
        Assert.Contains("spark_gateway_kv_stranded_total 0", await client.TextAsync("metrics"));
    }

    [Fact]
    public async Task A_client_that_disconnects_frees_its_request_on_both_sides()
    {
        await using var gateway = await Gateway.StartAsync(pair.Options);
        using var client = new GatewayClient(gateway.Address);
        using var leaving = new CancellationTokenSource();
        var (path, body) = Request(false, true, ""","max_tokens":1500,"ignore_eos":true,"stream":true""");
        using (var response = await client.SendAsync(body, path, cancellation: leaving.Token))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(leaving.Token);
            Assert.True(await stream.ReadAsync(new byte[64], leaving.Token) > 0);
            await leaving.CancelAsync();
        }

        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        Assert.Equal((RoutedOutcome.ClientGone, 1L), (gateway.Routed.Single().Outcome, gateway.Snapshot().ClientsGone));
        Assert.All(gateway.Snapshot().Backends, backend => Assert.Equal((0, 0L, false), (backend.InFlight, backend.Failed, backend.Ejected)));
        await pair.IdleAsync();
    }

    // A prompt of its own each time, so that no prefix cache has seen it.
    static (string Path, string Body) Request(bool chat, bool ids, string more)
    {
        var number = Interlocked.Increment(ref prompts);
        var text = $"\"{number} foxes met {number * 7919 % 1000} hens. {string.Concat(Enumerable.Repeat("One of them told the others a long story about the sea. ", 3))}\"";
        return chat
            ? (GatewayClient.Chat, $$"""{"model":"tales","messages":[{"role":"user","content":{{text}}}]{{more}}}""")
            : (GatewayClient.Completions, $$"""{"model":"tales","prompt":{{(ids ? $"[{string.Join(", ", Enumerable.Range(0, 70).Select(i => ((number * 131) + (i * 17)) % 4000))}]" : text)}}{{more}}}""");
    }

    static async Task<(HttpResponseMessage Response, string Body)> AskAsync(Uri address, string path, string body)
    {
        using var client = new GatewayClient(address);
        return await client.AskAsync(body, path);
    }

    static string Roles(RoutedRequest routed) => string.Join(' ', routed.Legs.Select(leg => leg.Role));

    static async Task<RoutedRequest> RoutedAsync(Gateway gateway)
    {
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        return gateway.Routed.Single();
    }
}
