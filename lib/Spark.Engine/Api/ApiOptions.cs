namespace Spark.Engine;

/// <summary>How the HTTP API presents itself; names and defaults as <c>vllm serve</c> has them, where it has them.</summary>
public sealed record ApiOptions
{
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Names that requests may use; responses carry the first.</summary>
    public required IReadOnlyList<string> ServedModelNames { get; init; }

    /// <summary>What <c>/v1/models</c> names as each model's root.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Keys one of which requests to <c>/v1</c> must carry; none lets everyone in.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];
    public bool EnableRequestIdHeaders { get; init; }
    public bool EnablePromptTokensDetails { get; init; }

    /// <summary>What a request that says nothing gets.</summary>
    public GenerationDefaults Defaults { get; init; } = new();

    /// <summary>Most alternatives that a request may ask to see beside each token.</summary>
    public int MaxLogprobs { get; init; } = 20;
    public long MaxBodyBytes { get; init; } = 32 << 20;

    /// <summary>How long running requests may go on once the server is told to stop.</summary>
    public TimeSpan DrainPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The vLLM version whose API this is.</summary>
    public string Version { get; init; } = "0.13.0";
}
