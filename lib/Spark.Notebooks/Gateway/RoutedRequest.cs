namespace Spark.Notebooks;

/// <summary>What a <see cref="Gateway"/> did with one <c>POST /v1/*</c> request.</summary>
public sealed record RoutedRequest
{
    /// <summary>Its <c>X-Request-Id</c>, the client's own or a new one; both legs carry it.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Arrived { get; init; }

    /// <summary>The policy that chose its backends.</summary>
    public required string Policy { get; init; }

    /// <summary>In the order they were sent, attempts that did not reach a backend included.</summary>
    public required IReadOnlyList<RoutedLeg> Legs { get; init; }

    /// <summary>From the request's arrival to the end of its answer.</summary>
    public required TimeSpan Duration { get; init; }

    public required RoutedOutcome Outcome { get; init; }

    /// <summary>What went wrong, where <see cref="Outcome"/> is <see cref="RoutedOutcome.Failed"/>.</summary>
    public string? Error { get; init; }

    /// <summary>As the prefill instance counted them, or the gateway to decide whether to ask it; null where nobody needed to know.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>KV blocks that the prefill instance offered the decode instance.</summary>
    public int? KvBlocks { get; init; }

    /// <summary>Why the decode instance had to prefill as well; null where it did not.</summary>
    public string? Fallback { get; init; }

    /// <summary>Why no prefill instance was asked; null where one was, or where there is none.</summary>
    public string? Bypass { get; init; }

    /// <summary>The prefill leg that was answered, if any.</summary>
    public RoutedLeg? Prefill => Legs.LastOrDefault(leg => leg is { Role: "prefill", Status: not null });

    /// <summary>The leg whose answer the client got, if any; with prefill instances the decode leg.</summary>
    public RoutedLeg? Answer => Legs.LastOrDefault(leg => leg is { Role: "decode" or "serve", Status: not null });
}
