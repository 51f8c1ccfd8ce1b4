namespace Spark.Notebooks;

/// <summary>What a <see cref="Gateway"/> counts at one moment.</summary>
public sealed record GatewaySnapshot
{
    public required IReadOnlyList<BackendSnapshot> Backends { get; init; }

    /// <summary>Clients' requests at work.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests that got a 429.</summary>
    public required long Rejected { get; init; }

    /// <summary>Requests whose client went away first.</summary>
    public required long ClientsGone { get; init; }

    /// <summary>Requests that a decode instance had to prefill because no prefill instance did, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Fallbacks { get; init; }

    /// <summary>Requests that were not meant for a prefill instance, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Bypasses { get; init; }
}
