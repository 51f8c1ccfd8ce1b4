using System.Text.Json;

namespace Spark.Engine.Tests;

/// <summary>Two real engine processes and the two legs that a proxy sends.</summary>
public sealed class DisaggregationBetweenProcesses(ITestOutputHelper log)
{
    static readonly int[][] Prompts = [.. GoldenCase.All.Select(c => c.Ids)];

    [Theory(Timeout = 120_000)]
    [InlineData("tcp")]
    [InlineData("shm")]
    public async Task Answers_equal_those_of_one_engine_and_the_metrics_tell_the_transfer(string transport)
    {
        using var prefill = await EngineProcess.StartAsync(transport, "fail");
        using var decode = await EngineProcess.StartAsync(transport, "fail");
        using var single = await EngineProcess.StartAsync(transport, "fail");
        foreach (var prompt in Prompts)
        {
            var (_, alone) = await single.CompleteAsync(new { prompt, max_tokens = 24, temperature = 0, ignore_eos = true });
            var (status, body) = await decode.CompleteAsync(new { prompt, max_tokens = 24, temperature = 0, ignore_eos = true, kv_transfer_params = await PrefillAsync(prefill, prompt) });
            Assert.Equal(200, status);
            Assert.Equal(Text(alone), Text(body));
        }
        log.WriteLine($"{transport}: {await decode.MetricAsync("vllm:nixl_bytes_transferred_sum"):N0} bytes in {1000 * await decode.MetricAsync("vllm:nixl_xfer_time_seconds_sum"):F2} ms over {await decode.MetricAsync("vllm:nixl_xfer_time_seconds_count")} transfers");
        Assert.True(await decode.MetricAsync("vllm:nixl_bytes_transferred_sum") > 0);
        Assert.Equal(0, await decode.MetricAsync("vllm:nixl_num_failed_transfers_total"));
        Assert.Equal(await decode.MetricAsync("vllm:external_prefix_cache_queries_total"), await decode.MetricAsync("vllm:external_prefix_cache_hits_total"));
        await IdleAsync(prefill);
        await IdleAsync(decode);
    }

    public static TheoryData<string, string, string> Deaths => new()
    {
        { "before the pull", "tcp", "fail" }, { "before the pull", "tcp", "recompute" }, { "before the pull", "shm", "fail" }, { "before the pull", "shm", "recompute" },
        { "during the pull", "tcp", "fail" }, { "during the pull", "tcp", "recompute" },
        { "after the pull", "tcp", "fail" }, { "after the pull", "shm", "fail" },
        { "frozen", "tcp", "fail" }, { "frozen", "tcp", "recompute" }, { "frozen", "shm", "recompute" },
    };

    [Theory(Timeout = 120_000), MemberData(nameof(Deaths))]
    public async Task A_prefill_engine_that_dies_or_freezes_costs_its_request_at_most_the_policy(string when, string transport, string policy)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var prefill = await EngineProcess.StartAsync(transport, policy);
        using var decode = await EngineProcess.StartAsync(transport, policy);
        var prompt = Prompts.MaxBy(p => p.Length)!;
        var (_, alone) = await decode.CompleteAsync(new { prompt, max_tokens = 16, temperature = 0, ignore_eos = true, cache_salt = "alone" });
        var transfer = await PrefillAsync(prefill, prompt);
        if (when == "before the pull")
            prefill.Kill();
        if (when is "during the pull" or "frozen")
            await prefill.SignalAsync("STOP");
        var answer = decode.CompleteAsync(new { prompt, max_tokens = 16, temperature = 0, ignore_eos = true, kv_transfer_params = transfer });
        if (when == "during the pull")
        {
            while (await decode.MetricAsync("vllm:num_requests_waiting") == 0)
                await Task.Delay(5);
            prefill.Kill();
        }
        var (status, body) = await answer;
        if (when == "after the pull")
            prefill.Kill();
        log.WriteLine($"prefill engine killed or frozen {when}, {transport}, {policy}: {status} {(status == 200 ? Text(body) : body.ToString())}");
        if (policy == "fail" && when != "after the pull")
        {
            Assert.Equal(500, status);
            Assert.Equal("""{"message":"Internal server error","type":"InternalServerError","param":null,"code":500}""", body.GetProperty("error").GetRawText());
            await decode.SaysAsync("Failing 1 request(s) due to KV load failure (failure_policy=fail");
        }
        else
        {
            Assert.Equal(200, status);
            Assert.Equal(Text(alone), Text(body));
        }
        await IdleAsync(decode);
        var (later, _) = await decode.CompleteAsync(new { prompt = "Once", max_tokens = 2 });
        Assert.Equal(200, later);
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_decode_engine_dies_the_lease_ends_and_the_prefill_engine_has_its_blocks_back()
    {
        using var prefill = await EngineProcess.StartAsync("shm", "fail", lease: 1);
        using (await EngineProcess.StartAsync("shm", "fail"))
            await PrefillAsync(prefill, Prompts[0]);
        Assert.True(await prefill.MetricAsync("vllm:kv_cache_usage_perc") > 0);
        await IdleAsync(prefill);
        Assert.Equal(1, await prefill.MetricAsync("vllm:nixl_num_kv_expired_reqs_total"));
    }

    static async Task<JsonElement> PrefillAsync(EngineProcess engine, int[] prompt)
    {
        var (status, body) = await engine.CompleteAsync(new
        {
            prompt,
            max_tokens = 1,
            temperature = 0,
            ignore_eos = true,
            kv_transfer_params = new { do_remote_decode = true, do_remote_prefill = false, remote_engine_id = (string?)null, remote_block_ids = (int[]?)null, remote_host = (string?)null, remote_port = (int?)null },
        });
        Assert.Equal(200, status);
        var transfer = body.GetProperty("kv_transfer_params");
        Assert.Equal(["do_remote_prefill", "do_remote_decode", "remote_block_ids", "remote_engine_id", "remote_request_id", "remote_host", "remote_port", "tp_size"], transfer.EnumerateObject().Select(p => p.Name));
        return transfer;
    }

    static string Text(JsonElement body) => body.GetProperty("choices")[0].GetProperty("text").GetString()!;

    static async Task IdleAsync(EngineProcess engine)
    {
        for (var late = DateTime.UtcNow.AddSeconds(20); await engine.MetricAsync("vllm:kv_cache_usage_perc") > 0; Assert.True(DateTime.UtcNow < late, engine.Log))
            await Task.Delay(20);
    }
}
