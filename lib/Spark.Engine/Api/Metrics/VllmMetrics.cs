namespace Spark.Engine;

/// <summary>vLLM's metrics by its names, types, labels, buckets and definitions (vllm/v1/metrics/loggers.py and stats.py of 0.13); safe for any number of threads.</summary>
internal sealed class VllmMetrics
{
    static readonly double[] RequestLatencies = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
    static readonly double[] TokenLatencies = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];

    readonly IEngine engine;
    readonly Dictionary<string, string> labels;
    readonly long[] finished = new long[Enum.GetValues<FinishReason>().Length];
    readonly List<Histogram> histograms = [];
    readonly NixlMetrics? transfers;

    public VllmMetrics(IEngine engine, string modelName)
    {
        this.engine = engine;
        labels = new() { ["engine"] = "0", ["model_name"] = modelName };
        var tokenCounts = OneTwoFive(engine.MaxModelLen);

        RequestPromptTokens = Add("vllm:request_prompt_tokens", "Number of prefill tokens processed.", tokenCounts);
        RequestGenerationTokens = Add("vllm:request_generation_tokens", "Number of generation tokens processed.", tokenCounts);
        IterationTokens = Add("vllm:iteration_tokens_total", "Histogram of number of tokens per engine_step.", [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]);
        RequestMaxGenerationTokens = Add("vllm:request_max_num_generation_tokens", "Histogram of maximum number of requested generation tokens.", tokenCounts);
        RequestN = Add("vllm:request_params_n", "Histogram of the n request parameter.", [1, 2, 5, 10, 20]);
        RequestMaxTokens = Add("vllm:request_params_max_tokens", "Histogram of the max_tokens request parameter.", tokenCounts);
        TimeToFirstToken = Add("vllm:time_to_first_token_seconds", "Histogram of time to first token in seconds.",
            [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560]);
        InterTokenLatency = Add("vllm:inter_token_latency_seconds", "Histogram of inter-token latency in seconds.", TokenLatencies);
        RequestTimePerOutputToken = Add("vllm:request_time_per_output_token_seconds", "Histogram of time_per_output_token_seconds per request.", TokenLatencies);
        EndToEndLatency = Add("vllm:e2e_request_latency_seconds", "Histogram of e2e request latency in seconds.", RequestLatencies);
        QueueTime = Add("vllm:request_queue_time_seconds", "Histogram of time spent in WAITING phase for request.", RequestLatencies);
        InferenceTime = Add("vllm:request_inference_time_seconds", "Histogram of time spent in RUNNING phase for request.", RequestLatencies);
        PrefillTime = Add("vllm:request_prefill_time_seconds", "Histogram of time spent in PREFILL phase for request.", RequestLatencies);
        DecodeTime = Add("vllm:request_decode_time_seconds", "Histogram of time spent in DECODE phase for request.", RequestLatencies);
        PrefillComputedTokens = Add("vllm:request_prefill_kv_computed_tokens", "Histogram of new KV tokens computed during prefill (excluding cached tokens).", tokenCounts);
        if (engine.Stats.ExpiredLeases is not null)
        {
            transfers = new(Add);
            engine.Pulled += transfers.Observe;
        }
        engine.Stepped += tokens => IterationTokens.Observe(tokens);
    }

    public Histogram RequestPromptTokens { get; }
    public Histogram RequestGenerationTokens { get; }
    public Histogram IterationTokens { get; }
    public Histogram RequestMaxGenerationTokens { get; }
    public Histogram RequestN { get; }
    public Histogram RequestMaxTokens { get; }
    public Histogram TimeToFirstToken { get; }
    public Histogram InterTokenLatency { get; }
    public Histogram RequestTimePerOutputToken { get; }
    public Histogram EndToEndLatency { get; }
    public Histogram QueueTime { get; }
    public Histogram InferenceTime { get; }
    public Histogram PrefillTime { get; }
    public Histogram DecodeTime { get; }
    public Histogram PrefillComputedTokens { get; }

    public void Finished(FinishReason reason) => Interlocked.Increment(ref finished[(int)reason]);

    public string Exposition()
    {
        var text = new MetricsText();
        var stats = engine.Stats;
        One("vllm:num_requests_running", "gauge", "Number of requests in model execution batches.", stats.Running);
        One("vllm:num_requests_waiting", "gauge", "Number of requests waiting to be processed.", stats.Waiting);
        One("vllm:kv_cache_usage_perc", "gauge", "KV-cache usage. 1 means 100 percent usage.", stats.KvCacheUsage);
        One("vllm:prefix_cache_queries_total", "counter", "Prefix cache queries, in terms of number of queried tokens.", stats.PrefixCacheQueries);
        One("vllm:prefix_cache_hits_total", "counter", "Prefix cache hits, in terms of number of cached tokens.", stats.PrefixCacheHits);
        One("vllm:external_prefix_cache_queries_total", "counter", "External prefix cache queries from KV connector cross-instance cache sharing, in terms of number of queried tokens.", stats.ExternalPrefixCacheQueries);
        One("vllm:external_prefix_cache_hits_total", "counter", "External prefix cache hits from KV connector cross-instance cache sharing, in terms of number of cached tokens.", stats.ExternalPrefixCacheHits);
        One("vllm:num_preemptions_total", "counter", "Cumulative number of preemption from the engine.", stats.Preemptions);
        One("vllm:prompt_tokens_total", "counter", "Number of prefill tokens processed.", stats.PromptTokens);
        One("vllm:generation_tokens_total", "counter", "Number of generation tokens processed.", stats.GenerationTokens);
        if (transfers is not null)
        {
            One("vllm:nixl_num_failed_transfers_total", "counter", "Number of failed NIXL KV Cache transfers.", transfers.Failed);
            One("vllm:nixl_num_failed_notifications_total", "counter", "Number of failed NIXL KV Cache notifications.", transfers.FailedNotifications);
            One("vllm:nixl_num_kv_expired_reqs_total", "counter", "Number of requests that had their KV expire.", stats.ExpiredLeases!.Value);
        }
        text.Family("vllm:request_success_total", "counter", "Count of successfully processed requests.");
        foreach (var reason in Enum.GetValues<FinishReason>())
            text.Sample("vllm:request_success_total", MetricsText.Labels([.. labels, new("finished_reason", reason.OnTheWire())]), Interlocked.Read(ref finished[(int)reason]));
        foreach (var histogram in histograms)
            histogram.Write(text, labels);
        text.Family("vllm:cache_config_info", "gauge", "Information of the LLMEngine CacheConfig");
        text.Sample("vllm:cache_config_info", MetricsText.Labels([.. engine.CacheConfig, new("engine", "0")]), 1);
        return text.ToString();

        void One(string name, string type, string help, double value)
        {
            text.Family(name, type, help);
            text.Sample(name, MetricsText.Labels(labels), value);
        }
    }

    Histogram Add(string name, string help, double[] upperBounds)
    {
        var histogram = new Histogram(name, help, upperBounds);
        histograms.Add(histogram);
        return histogram;
    }

    /// <summary>1, 2, 5, 10, 20, 50, … up to a largest value.</summary>
    internal static double[] OneTwoFive(int largest) =>
        [.. Enumerable.Range(0, 10).SelectMany(e => new[] { 1, 2, 5 }.Select(m => m * Math.Pow(10, e))).TakeWhile(v => v <= largest)];
}
