namespace Spark.Engine;

/// <summary>vLLM's metrics of NixlConnector (vllm/distributed/kv_transfer/kv_connector/v1/nixl_connector.py of 0.13), as the decode engine counts them.</summary>
internal sealed class NixlMetrics(Func<string, string, double[], Histogram> add)
{
    static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 5];
    readonly Histogram transfer = add("vllm:nixl_xfer_time_seconds", "Histogram of transfer duration for NIXL KV Cache transfers.", Seconds);
    readonly Histogram post = add("vllm:nixl_post_time_seconds", "Histogram of transfer post time for NIXL KV Cache transfers.", [0.001, .. Seconds]);
    readonly Histogram bytes = add("vllm:nixl_bytes_transferred", "Histogram of bytes transferred per NIXL KV Cache transfers.", [.. Enumerable.Range(0, 12).Select(i => Math.Pow(2, 11 + 2 * i))]);
    readonly Histogram descriptors = add("vllm:nixl_num_descriptors", "Histogram of number of descriptors per NIXL KV Cache transfers.", [10, 20, 30, 50, 75, 100, 200, 400, 1000, 2000, 4000, 10000, 20000, 50000]);
    long failed, failedNotifications;

    public long Failed => Interlocked.Read(ref failed);
    public long FailedNotifications => Interlocked.Read(ref failedNotifications);

    public void Observe(KvTransferStats stats)
    {
        if (stats.NotificationFailed)
            Interlocked.Increment(ref failedNotifications);
        if (!stats.Succeeded)
        {
            Interlocked.Increment(ref failed);
            return;
        }
        transfer.Observe(stats.Transfer.TotalSeconds);
        post.Observe(stats.Post.TotalSeconds);
        bytes.Observe(stats.Bytes);
        descriptors.Observe(stats.Descriptors);
    }
}
