namespace Spark.Notebooks;

/// <summary>One streamed request as the client saw it, with <c>vllm bench serve</c>'s definitions of TTFT, ITL, TPOT and E2EL.</summary>
public sealed record RequestTimeline
{
    public required int Index { get; init; }

    /// <summary>The node that answered; the path where that is not known.</summary>
    public required string Node { get; init; }

    public required int PromptTokens { get; init; }

    /// <summary>Output tokens asked for; every request ignores end-of-text, so that an engine must give exactly these.</summary>
    public required int RequestedTokens { get; init; }

    /// <summary>As the engine counted them in its usage chunk.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Since the start of the run.</summary>
    public required TimeSpan Sent { get; init; }

    /// <summary>Arrival of every chunk with choices, since the start of the run; a chunk may carry several tokens.</summary>
    public required IReadOnlyList<TimeSpan> TokenTimes { get; init; }

    /// <summary>Prompt tokens found in the prefix cache; null where the engine found none or does not tell.</summary>
    public int? CachedTokens { get; init; }

    public string? FinishReason { get; init; }

    /// <summary>The answer, as far as it came.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the gateway did with it: backends, times of each leg, fallback; null where there is no gateway.</summary>
    public RoutedRequest? Routed { get; init; }

    /// <summary>Why the request failed: status and the server's own words; null when it succeeded.</summary>
    public string? Error { get; init; }

    public bool Succeeded => Error is null;

    /// <summary>Succeeded with fewer tokens than asked for.</summary>
    public bool IsShort => Succeeded && OutputTokens < RequestedTokens;

    /// <summary>Time to first token: first chunk with choices after sending.</summary>
    public TimeSpan Ttft => Answered[0] - Sent;

    /// <summary>Inter-token latencies: the gaps between consecutive chunks.</summary>
    public IReadOnlyList<TimeSpan> Itl => [.. Answered.Zip(Answered.Skip(1), (a, b) => b - a)];

    /// <summary>Time per output token after the first: (E2EL − TTFT) / (tokens − 1); null for a single token.</summary>
    public TimeSpan? Tpot => OutputTokens > 1 ? (E2el - Ttft) / (OutputTokens - 1) : null;

    /// <summary>End-to-end latency: last chunk with choices after sending.</summary>
    public TimeSpan E2el => Answered[^1] - Sent;

    IReadOnlyList<TimeSpan> Answered =>
        Succeeded ? TokenTimes : throw new InvalidOperationException($"Request {Index} on {Node} failed and has no latencies: {Error}");
}
