namespace Spark.Engine;

/// <summary>The engine as the API sees it: requests in, a stream of outputs each, and what <c>/metrics</c> and <c>/v1/models</c> tell of it.</summary>
public interface IEngine
{
    /// <summary>Context length in tokens, prompt and output together.</summary>
    int MaxModelLen { get; }

    /// <summary>Vocabulary size of the model, the bound of every token id.</summary>
    int VocabSize { get; }

    /// <summary>Tokens that end a request unless it ignores them.</summary>
    IReadOnlyList<int> EosTokenIds { get; }

    EngineStats Stats { get; }

    /// <summary>Why the engine has died; null while it lives.</summary>
    EngineDeadException? Failure { get; }

    /// <summary>Tokens computed by each step, for vLLM's <c>iteration_tokens_total</c>; raised on the engine's thread.</summary>
    event Action<int>? Stepped;

    /// <summary>Every pull of KV from another engine that has ended; raised on the engine's thread.</summary>
    event Action<KvTransferStats>? Pulled;

    /// <summary>Cache settings as <c>vllm:cache_config_info</c> labels them.</summary>
    IReadOnlyDictionary<string, string> CacheConfig { get; }

    /// <summary>One output an engine step; ends after the one with a finish reason. Cancelling aborts the request and frees its blocks at once.</summary>
    /// <exception cref="EngineDeadException">The engine's thread has failed; its own error is inside.</exception>
    IAsyncEnumerable<EngineOutput> GenerateAsync(EngineRequest request, CancellationToken cancellation);
}
