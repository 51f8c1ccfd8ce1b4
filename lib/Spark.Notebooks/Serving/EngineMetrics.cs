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
    };
}
