namespace Spark.Engine.Tests;

public class ExposingMetrics
{
    [Fact]
    public async Task Counts_add_up_over_requests_of_every_kind()
    {
        using var engine = TalesServer.StartEngine(TestEngine.Tales);
        await using var server = await ServerUnderTest.StartAsync(engine);
        for (var i = 0; i < 4; i++)
            await server.JsonAsync("/v1/completions", $$"""{"prompt": [1, 2, 3, 4, {{i}}], "max_tokens": 6, "ignore_eos": true, "temperature": 1}""");
        await server.ChunksAsync("/v1/completions", """{"prompt": [1, 2, 3], "max_tokens": 1, "stream": true, "ignore_eos": true, "temperature": 1}""");
        await server.JsonAsync("/v1/completions", """{"prompt": [[5, 6]], "n": 3, "seed": 5, "max_tokens": 4, "ignore_eos": true, "temperature": 1}""");
        var stopping = await server.JsonAsync("/v1/completions", $$"""{"prompt": [{{string.Join(',', GoldenCase.All[0].Ids)}}], "temperature": 0, "max_tokens": 40, "stop": "king"}""");
        Assert.Equal("stop", stopping.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        while (engine.Stats.Running > 0)
            await Task.Delay(1);
        var (promptTokens, outputTokens) = (4 * 5 + 3 + 3 * 2 + 16.0, 4 * 6 + 1 + 3 * 4 + (double)stopping.GetProperty("usage").GetProperty("completion_tokens").GetInt32());

        using var response = await server.Client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var metrics = PrometheusText.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(promptTokens, metrics["vllm:prompt_tokens_total", "model_name=\"tales\"", "engine=\"0\""]);
        Assert.InRange(metrics["vllm:generation_tokens_total"], outputTokens, outputTokens + 2);   // the engine may be ahead of a stop string
        Assert.Equal(8, metrics["vllm:request_success_total", "finished_reason=\"length\""]);
        Assert.Equal(1, metrics["vllm:request_success_total", "finished_reason=\"stop\""]);
        Assert.Equal(0, metrics["vllm:request_success_total", "finished_reason=\"abort\""]);
        Assert.Equal((9, promptTokens), (metrics["vllm:request_prompt_tokens_count"], metrics["vllm:request_prompt_tokens_sum"]));
        Assert.Equal((9, outputTokens), (metrics["vllm:request_generation_tokens_count"], metrics["vllm:request_generation_tokens_sum"]));
        Assert.Equal((7, 9.0), (metrics["vllm:request_params_n_count"], metrics["vllm:request_params_n_sum"]));
        Assert.Equal(4 * 6 + 1 + 3 * 4 + 40.0, metrics["vllm:request_params_max_tokens_sum"]);
        Assert.Equal(9, metrics["vllm:time_to_first_token_seconds_count"]);
        Assert.Equal(outputTokens - 9, metrics["vllm:inter_token_latency_seconds_count"]);
        foreach (var name in (string[])["e2e_request_latency", "request_queue_time", "request_inference_time", "request_prefill_time", "request_decode_time", "request_time_per_output_token"])
            Assert.Equal(9, metrics[$"vllm:{name}_seconds_count"]);
        Assert.Equal(metrics["vllm:request_inference_time_seconds_sum"], metrics["vllm:request_prefill_time_seconds_sum"] + metrics["vllm:request_decode_time_seconds_sum"], 1e-6);
        Assert.Equal(metrics["vllm:inter_token_latency_seconds_sum"], metrics["vllm:request_decode_time_seconds_sum"], 1e-6);
        Assert.InRange(metrics["vllm:e2e_request_latency_seconds_sum"], metrics["vllm:request_inference_time_seconds_sum"], double.MaxValue);
        Assert.Equal(metrics["vllm:request_prompt_tokens_sum"] - metrics["vllm:prefix_cache_hits_total"], metrics["vllm:request_prefill_kv_computed_tokens_sum"]);
        Assert.InRange(metrics["vllm:iteration_tokens_total_sum"], promptTokens - metrics["vllm:prefix_cache_hits_total"] + outputTokens - 9, promptTokens + outputTokens);
        foreach (var gauge in (string[])["num_requests_running", "num_requests_waiting", "kv_cache_usage_perc"])
            Assert.Equal(0, metrics[$"vllm:{gauge}"]);
        Assert.Equal(1, metrics["vllm:cache_config_info", "block_size=\"16\"", "engine=\"0\"", "enable_prefix_caching=\"True\""]);
    }

    [Fact]
    public async Task Names_types_and_buckets_are_vLLMs()
    {
        await using var server = await ServerUnderTest.StartAsync(new ScriptedEngine(ScriptedEngine.Drone) { MaxModelLen = 300, Stats = new() { Running = 2, Waiting = 3, KvCacheUsage = 0.25, Preemptions = 4, PrefixCacheQueries = 50, PrefixCacheHits = 32 } }, o => o with { ServedModelNames = ["a \"b\"\\\n"] });
        var text = await server.Client.GetStringAsync("/metrics");
        var metrics = PrometheusText.Parse(text);
        Assert.Equal(
            [
                ("vllm:num_requests_running", "gauge"), ("vllm:num_requests_waiting", "gauge"), ("vllm:kv_cache_usage_perc", "gauge"),
                ("vllm:prefix_cache_queries_total", "counter"), ("vllm:prefix_cache_hits_total", "counter"),
                ("vllm:external_prefix_cache_queries_total", "counter"), ("vllm:external_prefix_cache_hits_total", "counter"), ("vllm:num_preemptions_total", "counter"),
                ("vllm:prompt_tokens_total", "counter"), ("vllm:generation_tokens_total", "counter"), ("vllm:request_success_total", "counter"),
                ("vllm:request_prompt_tokens", "histogram"), ("vllm:request_generation_tokens", "histogram"), ("vllm:iteration_tokens_total", "histogram"),
                ("vllm:request_max_num_generation_tokens", "histogram"), ("vllm:request_params_n", "histogram"), ("vllm:request_params_max_tokens", "histogram"),
                ("vllm:time_to_first_token_seconds", "histogram"), ("vllm:inter_token_latency_seconds", "histogram"), ("vllm:request_time_per_output_token_seconds", "histogram"),
                ("vllm:e2e_request_latency_seconds", "histogram"), ("vllm:request_queue_time_seconds", "histogram"), ("vllm:request_inference_time_seconds", "histogram"),
                ("vllm:request_prefill_time_seconds", "histogram"), ("vllm:request_decode_time_seconds", "histogram"), ("vllm:request_prefill_kv_computed_tokens", "histogram"),
                ("vllm:cache_config_info", "gauge"),
            ],
            metrics.Types.Select(t => (t.Key, t.Value)));
        Assert.Equal((2, 3, 0.25, 4, 50, 32), (metrics["vllm:num_requests_running"], metrics["vllm:num_requests_waiting"], metrics["vllm:kv_cache_usage_perc"], metrics["vllm:num_preemptions_total"], metrics["vllm:prefix_cache_queries_total"], metrics["vllm:prefix_cache_hits_total"]));
        Assert.Contains("""vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="a \"b\"\\\n"} 0.0""", text);
        Assert.Contains("""vllm:time_to_first_token_seconds_bucket{engine="0",le="1.0",model_name="a \"b\"\\\n"} 0.0""", text);
        Assert.Contains("""vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="a \"b\"\\\n"} 0.0""", text);
        Assert.Equal([1, 2, 5, 10, 20, 50, 100, 200], VllmMetrics.OneTwoFive(300));
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        var histogram = new Histogram("h", "help", [1, 2, 3]);
        histogram.Observe(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            histogram.Observe(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Observations_from_many_threads_are_all_counted()
    {
        var histogram = new Histogram("h", "help", [0.5, 1]);
        Parallel.For(0, 10_000, i => histogram.Observe(i % 4 * 0.5));
        var text = new MetricsText();
        histogram.Write(text, new Dictionary<string, string> { ["engine"] = "0" });
        var metrics = PrometheusText.Parse(text.ToString());
        Assert.Equal((5000, 7500, 10_000, 7500), (metrics["h_bucket", "le=\"0.5\""], metrics["h_bucket", "le=\"1.0\""], metrics["h_count"], metrics["h_sum"]));
    }
}
