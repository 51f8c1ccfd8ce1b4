using System.Net;
using Microsoft.AspNetCore.Http;

namespace Spark.Notebooks.Tests;

public class FallingBack
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string> Faults => new()
    {
        { "unreachable", "prefill unreachable" },
        { "500", "prefill failed" },
        { "silent", "prefill timed out" },
        { "hangs up", "prefill failed" },
        { "<html>", "prefill failed" },
        { "[1]", "prefill failed" },
        { """{"usage":{"prompt_tokens":"many"}}""", "prefill ended the request" },
        { """{"kv_transfer_params":null}""", "prefill ended the request" },
        { """{"kv_transfer_params":"yes"}""", "prefill ended the request" },
        { """{"kv_transfer_params":{}}""", "prefill ended the request" },
        { """{"kv_transfer_params":{"do_remote_prefill":true,"remote_block_ids":[]}}""", "prefill offered no blocks" },
        { """{"kv_transfer_params":{"do_remote_prefill":true,"remote_block_ids":[[],[]]}}""", "prefill offered no blocks" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task When_prefill_fails_the_decode_instance_does_it_all_and_the_client_is_told(string fault, string reason)
    {
        await using var prefill = await StubServer.StartAsync(async http =>
        {
            if (fault == "500")
                http.Response.StatusCode = 500;
            else if (fault == "silent")
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            else if (fault == "hangs up")
                http.Abort();
            else
                await http.Response.WriteAsync(fault);
        });
        await using var decode = await Vllm013.StartAsync();
        var address = fault == "unreachable" ? StubServer.Nowhere() : prefill.Address;
        await using var gateway = await Gateway.StartAsync(Quiet.Options(decode.As("node-1")) with { Prefill = [new("node-0", address)], PrefillDeadline = fault == "silent" ? Soon : TimeSpan.FromMinutes(1) });
        using var client = new GatewayClient(gateway.Address);
        var body = GatewayClient.Body();
        var (response, stream) = await client.AskAsync(body);

        Assert.Equal((HttpStatusCode.OK, reason), (response.StatusCode, GatewayClient.Header(response, "X-Spark-Fallback")));
        Assert.Equal(Vllm013.Text(40, 4), GatewayClient.StreamedText(stream));
        Assert.Equal((body, 1), (decode.Requests.Single().Body, decode.RecomputedRequests));
        await Eventually.TrueAsync(() => gateway.Routed.Count == 1, "the request is written down");
        Assert.Equal((reason, RoutedOutcome.Completed, "decode"), (gateway.Routed.Single().Fallback, gateway.Routed.Single().Outcome, gateway.Routed.Single().Answer!.Role));
        Assert.Equal(1, gateway.Snapshot().Fallbacks[reason]);
    }

    [Fact]
    public async Task A_first_token_that_ends_the_request_leaves_nothing_to_hand_over()
    {
        await using var prefill = await new Vllm013 { FirstTokenStops = true }.StartAsync(0, default);
        await using var decode = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Disaggregated(prefill, decode));
        using var client = new GatewayClient(gateway.Address);
        var (response, _) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal("prefill ended the request", GatewayClient.Header(response, "X-Spark-Fallback"));
        Assert.Equal((0, 0), (prefill.HeldBlocks, decode.Pulls));
    }

    [Fact]
    public async Task Another_prefill_instance_takes_over_from_one_that_is_gone_without_a_fallback()
    {
        await using Vllm013 prefill = await Vllm013.StartAsync(), decode = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(decode.As("d")) with { Prefill = [new("gone", StubServer.Nowhere()), prefill.As("p")] });
        using var client = new GatewayClient(gateway.Address);
        var (response, _) = await client.AskAsync(GatewayClient.Body());
        Assert.Null(GatewayClient.Header(response, "X-Spark-Fallback"));
        Assert.Equal((1, 0), (decode.Pulls, prefill.HeldBlocks));
    }

    [Fact]
    public async Task Another_prefill_instance_takes_over_from_one_that_declines_without_a_fallback()
    {
        await using Vllm013 prefill = await Vllm013.StartAsync(), decode = await Vllm013.StartAsync();
        await using var declining = await StubServer.StartAsync(StubServer.Declining);
        await using var gateway = await Gateway.StartAsync(Quiet.Options(decode.As("d")) with { Prefill = [new("declining", declining.Address), prefill.As("p")] });
        using var client = new GatewayClient(gateway.Address);
        var (response, _) = await client.AskAsync(GatewayClient.Body());
        Assert.Null(GatewayClient.Header(response, "X-Spark-Fallback"));
        Assert.Equal((1, 0), (decode.Pulls, prefill.HeldBlocks));
        Assert.True(gateway.Snapshot().Backends.Single(backend => backend.Name == "declining").Ejected);
    }

    [Fact]
    public async Task A_decode_instance_that_is_gone_strands_the_blocks_and_is_named()
    {
        await using var prefill = await Vllm013.StartAsync();
        await using var gateway = await Gateway.StartAsync(Quiet.Options(new Backend("node-1", StubServer.Nowhere())) with { Prefill = [prefill.As("node-0")] });
        using var client = new GatewayClient(gateway.Address);
        var (response, body) = await client.AskAsync(GatewayClient.Body());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.StartsWith("No decode backend is healthy: node-1 at ", GatewayClient.ErrorMessage(response, body));
        Assert.Contains("spark_gateway_kv_stranded_total 1\n", await client.TextAsync("metrics"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lease_that_ended_is_the_decode_instances_error_to_tell(bool stream)
    {
        await using Vllm013 prefill = await Vllm013.StartAsync(), decode = await Vllm013.StartAsync();
        decode.BeforeToken = (_, _) =>
        {
            prefill.ExpireLeases();
            return Task.CompletedTask;
        };
        await using var gateway = await Gateway.StartAsync(Quiet.Disaggregated(prefill, decode));
        using var client = new GatewayClient(gateway.Address);
        var (response, body) = await client.AskAsync(GatewayClient.Body(stream: stream));
        const string Error = """{"error":{"message":"Internal server error","type":"InternalServerError","param":null,"code":500}}""";
        Assert.Equal(stream ? (200, $"data: {Error}\n\ndata: [DONE]\n\n") : (500, Error), ((int)response.StatusCode, body));
    }

    [Fact]
    public async Task A_client_that_leaves_during_the_prefill_leg_cancels_it_and_starts_no_other()
    {
        await using Vllm013 prefill = await Vllm013.StartAsync(), decode = await Vllm013.StartAsync();
        prefill.BeforeToken = (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var gateway = await Gateway.StartAsync(Quiet.Disaggregated(prefill, decode));
        using var client = new GatewayClient(gateway.Address);
        using var leaving = new CancellationTokenSource();
        var asking = client.SendAsync(GatewayClient.Body(), cancellation: leaving.Token);
        await Eventually.TrueAsync(() => prefill.Requests.Count == 1, "the prefill leg is under way");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.TrueAsync(() => prefill.Aborted == 1 && gateway.Routed.Count == 1, "the prefill leg is cancelled");
        Assert.Equal((RoutedOutcome.ClientGone, 1, 0), (gateway.Routed.Single().Outcome, gateway.Routed.Single().Legs.Count, decode.Requests.Count));
    }

    [Fact]
    public async Task A_frozen_and_then_a_killed_spark_engine_each_cost_no_answer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var pair = new SparkEnginePair();
        await pair.InitializeAsync();
        await using var patient = await Gateway.StartAsync(pair.Options);
        await using var hasty = await Gateway.StartAsync(pair.Options with { PrefillDeadline = Soon });

        Assert.Null(await FallbackAsync(patient));
        await pair.PrefillEngine.SignalAsync("STOP");
        Assert.Equal("prefill timed out", await FallbackAsync(hasty));
        await pair.PrefillEngine.SignalAsync("CONT");
        Assert.Null(await FallbackAsync(patient));
        pair.PrefillEngine.Kill();
        Assert.Contains(await FallbackAsync(patient), (string?[])["prefill unreachable", "prefill failed"]);

        static async Task<string?> FallbackAsync(Gateway gateway)
        {
            using var client = new GatewayClient(gateway.Address);
            var (response, body) = await client.AskAsync(GatewayClient.Body(200, 8, more: ",\"temperature\":0,\"ignore_eos\":true"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEmpty(GatewayClient.StreamedText(body));
            return GatewayClient.Header(response, "X-Spark-Fallback");
        }
    }
}
