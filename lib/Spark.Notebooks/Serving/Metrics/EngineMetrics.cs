namespace Spark.Notebooks;

/// <summary>What one engine's <c>/metrics</c> says, by vLLM's definitions; of two scrapes, <see cref="Since"/> tells what happened in between.</summary>
public sealed record EngineMetrics
{
    public required string Node { get; init; }

    public int Running { get; init; }
    public int Waiting { get; init; }

    /// <summary>Share of KV blocks in use, 0 to 1.</summary>
    public double KvCacheUsage { get; init; }

    public long Preemptions { get; init; }

    /// <summary>Prompt tokens looked up in the prefix cache, and those found there.</summary>
    public long PrefixCacheQueries { get; init; }
    public long PrefixCacheHits { get; init; }

    public long PromptTokens { get; init; }
    public long GenerationTokens { get; init; }

    /// <summary>Requests that ended well, of any finish reason.</summary>
    public long RequestSuccess { get; init; }

    /// <summary>From arrival at the server to the first output.</summary>
    public HistogramTotals TimeToFirstToken { get; init; }
    public HistogramTotals InterTokenLatency { get; init; }
    public HistogramTotals E2eRequestLatency { get; init; }

    /// <summary>From entering the waiting queue to being scheduled.</summary>
    public HistogramTotals QueueTime { get; init; }

    /// <summary>From being scheduled to the first token.</summary>
    public HistogramTotals PrefillTime { get; init; }

    /// <summary>From the first token to the last.</summary>
    public HistogramTotals DecodeTime { get; init; }

    /// <summary>Prompt tokens that a decode engine looked up at a prefill engine, and those whose KV blocks it got from there; 0 without KV transfer.</summary>
    public long ExternalCacheQueries { get; init; }
    public long ExternalCacheHits { get; init; }

    /// <summary>KV transfers as the pulling engine timed them, from posting a read until it was done.</summary>
    public HistogramTotals TransferTime { get; init; }

    public long BytesTransferred { get; init; }

    public long FailedTransfers { get; init; }

    /// <summary>Counters and histograms as increments since <paramref name="earlier"/>, gauges as they are now.</summary>
    public EngineMetrics Since(EngineMetrics earlier) => this with
    {
        Preemptions = Preemptions - earlier.Preemptions,
        PrefixCacheQueries = PrefixCacheQueries - earlier.PrefixCacheQueries,
        PrefixCacheHits = PrefixCacheHits - earlier.PrefixCacheHits,
        PromptTokens = PromptTokens - earlier.PromptTokens,
        GenerationTokens = GenerationTokens - earlier.GenerationTokens,
        RequestSuccess = RequestSuccess - earlier.RequestSuccess,
        TimeToFirstToken = TimeToFirstToken.Since(earlier.TimeToFirstToken),
        InterTokenLatency = InterTokenLatency.Since(earlier.InterTokenLatency),
        E2eRequestLatency = E2eRequestLatency.Since(earlier.E2eRequestLatency),
        QueueTime = QueueTime.Since(earlier.QueueTime),
        PrefillTime = PrefillTime.Since(earlier.PrefillTime),
        DecodeTime = DecodeTime.Since(earlier.DecodeTime),
        ExternalCacheQueries = ExternalCacheQueries - earlier.ExternalCacheQueries,
        ExternalCacheHits = ExternalCacheHits - earlier.ExternalCacheHits,
        TransferTime = TransferTime.Since(earlier.TransferTime),
        BytesTransferred = BytesTransferred - earlier.BytesTransferred,
        FailedTransfers = FailedTransfers - earlier.FailedTransfers,
    };

    /// <summary>Reads a scrape; the samples of several engine cores behind one server are added up, their cache usage is averaged.</summary>
    /// <exception cref="InvalidDataException">The text is malformed, or lacks a metric that every vLLM server has.</exception>
    internal static EngineMetrics Parse(string node, string exposition)
    {
        try
        {
            var samples = PrometheusText.Parse(exposition).ToLookup(sample => sample.Name, sample => sample.Value);
            IEnumerable<double> Values(string name) => samples.Contains($"vllm:{name}") ? samples[$"vllm:{name}"] : throw new FormatException($"vllm:{name} is missing; is this a vLLM server?");
            double Value(string name) => Values(name).Sum();
            long Counter(string name) => (long)Value($"{name}_total");
            double Maybe(string name) => samples[$"vllm:{name}"].Sum();
            HistogramTotals Histogram(string name) => new((long)Value($"{name}_seconds_count"), TimeSpan.FromSeconds(Value($"{name}_seconds_sum")));
            return new()
            {
                Node = node,
                Running = (int)Value("num_requests_running"),
                Waiting = (int)Value("num_requests_waiting"),
                KvCacheUsage = Values("kv_cache_usage_perc").Average(),
                Preemptions = Counter("num_preemptions"),
                PrefixCacheQueries = Counter("prefix_cache_queries"),
                PrefixCacheHits = Counter("prefix_cache_hits"),
                PromptTokens = Counter("prompt_tokens"),
                GenerationTokens = Counter("generation_tokens"),
                RequestSuccess = Counter("request_success"),
                TimeToFirstToken = Histogram("time_to_first_token"),
                InterTokenLatency = Histogram("inter_token_latency"),
                E2eRequestLatency = Histogram("e2e_request_latency"),
                QueueTime = Histogram("request_queue_time"),
                PrefillTime = Histogram("request_prefill_time"),
                DecodeTime = Histogram("request_decode_time"),
                ExternalCacheQueries = (long)Maybe("external_prefix_cache_queries_total"),
                ExternalCacheHits = (long)Maybe("external_prefix_cache_hits_total"),
                TransferTime = new((long)Maybe("nixl_xfer_time_seconds_count"), TimeSpan.FromSeconds(Maybe("nixl_xfer_time_seconds_sum"))),
                BytesTransferred = (long)Maybe("nixl_bytes_transferred_sum"),
                FailedTransfers = (long)Maybe("nixl_num_failed_transfers_total"),
            };
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"{node}: {error.Message}", error);
        }
    }
}
