namespace Spark.Engine;

/// <summary>The engine's gauges and counters as of its latest step, read by <c>/metrics</c> without stopping it.</summary>
public readonly record struct EngineStats
{
    public int Running { get; init; }

    /// <summary>Those whose KV is on its way from another engine among them.</summary>
    public int Waiting { get; init; }

    /// <summary>Share of KV blocks in use, 0 to 1.</summary>
    public double KvCacheUsage { get; init; }

    /// <summary>Prompt tokens of requests that have had their first token.</summary>
    public long PromptTokens { get; init; }
    public long GenerationTokens { get; init; }
    public long Preemptions { get; init; }

    /// <summary>Prompt tokens looked up in the prefix cache.</summary>
    public long PrefixCacheQueries { get; init; }

    /// <summary>Prompt tokens found there.</summary>
    public long PrefixCacheHits { get; init; }

    /// <summary>Prompt tokens asked of, and had from, another engine's cache.</summary>
    public long ExternalPrefixCacheQueries { get; init; }
    public long ExternalPrefixCacheHits { get; init; }

    /// <summary>Held requests that no decode engine came for; null without a KV connector.</summary>
    public long? ExpiredLeases { get; init; }
}
