namespace Spark.Notebooks.Tests;

/// <summary>Two spark-engine processes with the shipped model.</summary>
public sealed class SparkEnginePair : ServingPair, IAsyncLifetime
{
    SparkEngine prefill = null!, decode = null!;

    public override Backend Prefill => new("node-0", prefill.Address);
    public override Backend Decode => new("node-1", decode.Address);

    internal SparkEngine PrefillEngine => prefill;
    internal SparkEngine DecodeEngine => decode;

    public override async Task<long> PullsAsync() => (long)await decode.MetricAsync("vllm:nixl_xfer_time_seconds_count");

    public override async Task<double> UsedBlocksAsync() => await prefill.MetricAsync("vllm:kv_cache_usage_perc") + await decode.MetricAsync("vllm:kv_cache_usage_perc");

    public async ValueTask InitializeAsync()
    {
        SparkEngine[] engines = await Task.WhenAll(SparkEngine.StartAsync(), SparkEngine.StartAsync());
        (prefill, decode) = (engines[0], engines[1]);
    }

    public override ValueTask DisposeAsync()
    {
        prefill.Dispose();
        decode.Dispose();
        return ValueTask.CompletedTask;
    }
}
