namespace Spark.Notebooks.Tests;

public class ReadingEngineLogs
{
    static readonly string[] Vllm =
    [
        "(APIServer pid=101) INFO 12-16 09:00:00 [api_server.py:1351] vLLM API server version 0.13.0",
        "(EngineCore_DP0 pid=202) INFO 12-16 09:00:21 [default_loader.py:308] Loading weights took 14.02 seconds",
        "(EngineCore_DP0 pid=202) INFO 12-16 09:00:22 [gpu_model_runner.py:3549] Model loading took 14.9889 GiB memory and 15.201234 seconds",
        "(EngineCore_DP0 pid=202) INFO 12-16 09:00:40 [gpu_worker.py:359] Available KV cache memory: 17.96 GiB",
        "(EngineCore_DP0 pid=202) INFO 12-16 09:00:40 [kv_cache_utils.py:1291] GPU KV cache size: 147,152 tokens",
        "(EngineCore_DP0 pid=202) INFO 12-16 09:00:40 [kv_cache_utils.py:1296] Maximum concurrency for 131,072 tokens per request: 1.12x",
        "(APIServer pid=101) INFO:     Application startup complete.",
    ];

    [Fact]
    public void VLLMs_own_lines_give_weights_cache_and_concurrency()
    {
        var log = EngineLog.Parse(Vllm);
        Assert.Equal(14.9889, log.WeightsGiB);
        Assert.Equal(TimeSpan.FromSeconds(15.201234), log.LoadTime);
        Assert.Equal(17.96, log.KvCacheGiB);
        Assert.Equal(147_152, log.KvCacheTokens);
        Assert.Equal(131_072, log.MaxModelLen);
        Assert.Equal(1.12, log.MaxConcurrency);
    }

    [Fact]
    public void The_lines_that_matter_are_shown_without_time_and_source() => Assert.Equal(
        string.Join(Environment.NewLine,
            "Model loading took 14.9889 GiB memory and 15.201234 seconds", "Available KV cache memory: 17.96 GiB",
            "GPU KV cache size: 147,152 tokens", "Maximum concurrency for 131,072 tokens per request: 1.12x"),
        EngineLog.Parse(Vllm).ToString());

    [Fact]
    public void What_no_line_tells_stays_unknown()
    {
        var log = EngineLog.Parse(["Starting.", "GPU KV cache size: 96 tokens"]);
        Assert.Equal(96, log.KvCacheTokens);
        Assert.Null(log.WeightsGiB);
        Assert.Null(log.MaxConcurrency);
    }

    [Fact]
    public void Older_versions_leave_out_the_word_memory() =>
        Assert.Equal(0.5, EngineLog.Parse(["Model loading took 0.5 GiB and 1 seconds"]).WeightsGiB);
}
