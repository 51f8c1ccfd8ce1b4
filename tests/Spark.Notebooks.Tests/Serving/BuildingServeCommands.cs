namespace Spark.Notebooks.Tests;

public class BuildingServeCommands
{
    static readonly ServeCommand Command = new()
    {
        Model = "/models/tales-25m",
        Port = 8100,
        ServedModelNames = ["tales-25m", "run-1a2b3c4d"],
        Knobs = new() { GpuMemoryUtilization = 0.3 },
    };

    [Fact]
    public void Untouched_knobs_are_left_to_the_engine() => Assert.Equal(
        "serve /models/tales-25m --host 127.0.0.1 --port 8100 --served-model-name tales-25m run-1a2b3c4d --gpu-memory-utilization 0.3 --kv-cache-dtype auto --seed 0 --enable-prompt-tokens-details",
        string.Join(' ', Command.Arguments));

    [Fact]
    public void Every_knob_has_its_flag_by_vLLMs_name()
    {
        var knobs = new Knobs
        {
            GpuMemoryUtilization = 0.85, MaxModelLen = 1024, MaxNumSeqs = 4, MaxNumBatchedTokens = 8192, KvCacheDtype = "float32", EnablePrefixCaching = false, Seed = 7,
        };
        Assert.Equal(
            "serve /models/tales-25m --host 127.0.0.1 --port 8100 --served-model-name tales-25m run-1a2b3c4d --gpu-memory-utilization 0.85 "
            + "--max-model-len 1024 --max-num-seqs 4 --max-num-batched-tokens 8192 --kv-cache-dtype float32 --no-enable-prefix-caching --seed 7 --enable-prompt-tokens-details",
            string.Join(' ', (Command with { Knobs = knobs }).Arguments));
    }

    [Fact]
    public void Memory_for_the_KV_cache_is_given_in_bytes() =>
        Assert.Contains("--gpu-memory-utilization 0.3 --kv-cache-memory-bytes 2147483648 ", string.Join(' ', (Command with { KvCacheMemory = ByteSize.FromGiB(2) }).Arguments), StringComparison.Ordinal);

    [Fact]
    public void A_path_with_blanks_stays_one_argument() =>
        Assert.Equal("/my models/a \"b\"", (Command with { Model = "/my models/a \"b\"" }).Arguments[1]);
}
