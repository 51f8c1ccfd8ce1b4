namespace Spark.Notebooks;

/// <summary>What a <see cref="Gateway"/> is started with.</summary>
public sealed record GatewayOptions
{
    /// <summary>Servers that answer whole requests; with <see cref="Prefill"/>, the decode instances.</summary>
    public required IReadOnlyList<Backend> Backends { get; init; }

    /// <summary>Prefill instances. With any, a completion is prefilled by one of these and decoded by one of <see cref="Backends"/>, which pulls the KV cache from the first.</summary>
    public IReadOnlyList<Backend> Prefill { get; init; } = [];

    /// <summary><c>round-robin</c>, <c>least-requests</c> or <c>power-of-two</c>, which choose the backend of either leg; <c>prefill-decode</c> is <c>round-robin</c> that insists on <see cref="Prefill"/>.</summary>
    public string Policy { get; init; } = "round-robin";

    /// <summary>Where chance comes from, for policies that use it; one gateway asks it from one thread at a time.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Prompts of fewer tokens are prefilled by the decode instance itself; 0 sends every prompt to a prefill instance.</summary>
    public int MinRemotePrefillTokens { get; init; }

    /// <summary>Most <c>POST /v1/*</c> requests at once, beyond which clients get a 429; null: a third of the open-file limit, as a request may need three sockets.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>From sending a prefill leg to the end of its answer; past it the decode instance prefills too.</summary>
    public TimeSpan PrefillDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From sending a request to the first byte of its answer's body, which of an answer that is not streamed is its end.</summary>
    public TimeSpan FirstByteDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Between two chunks of an answer.</summary>
    public TimeSpan IdleDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two probes of a backend's <c>/health</c>.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From sending a probe to its answer.</summary>
    public TimeSpan HealthDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failed legs or probes in a row after which a backend is ejected; one that cannot be reached, or declines with 503, is ejected at once.</summary>
    public int FailuresToEject { get; init; } = 3;

    /// <summary>How long a backend is ejected at first, doubled each time it fails again; it returns with the first successful probe after that.</summary>
    public TimeSpan EjectionPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What doubling ends at.</summary>
    public TimeSpan MaxEjectionPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>On 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What clients must present as a bearer token for paths under <c>/v1</c>, as with <c>vllm serve --api-key</c>; null leaves that to the backends, who see the client's own header.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How many of the last requests <see cref="Gateway.Routed"/> remembers.</summary>
    public int RoutedCapacity { get; init; } = 10_000;

    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    internal void Validate()
    {
        Require(Backends.Count > 0, nameof(Backends), "is empty: name at least one server");
        Require(Policy != RoutingPolicies.PrefillDecode || Prefill.Count > 0, nameof(Prefill), $"is empty: the policy {Policy} needs at least one prefill instance");
        foreach (var (option, backends) in new[] { (nameof(Backends), Backends), (nameof(Prefill), Prefill) })
        {
            foreach (var backend in backends)
            {
                Require(backend.Address is { IsAbsoluteUri: true, Scheme: "http" or "https" }, option, $"has {backend.Name} at {backend.Address}, which is no http address");
                Require(backend.Name.Length > 0 && backend.Name.All(letter => letter is > ' ' and <= '~' and not ('"' or '\\' or ',' or ';')), option, $"has the name \"{backend.Name}\", which cannot stand in a header");
            }

            Require(backends.DistinctBy(backend => backend.Name).Count() == backends.Count, option, "has the same name twice");
        }

        Require(MinRemotePrefillTokens >= 0, nameof(MinRemotePrefillTokens), "is negative");
        Require(MaxInFlight is null or > 0, nameof(MaxInFlight), "must be at least 1");
        Require(FailuresToEject > 0, nameof(FailuresToEject), "must be at least 1");
        Require(RoutedCapacity > 0, nameof(RoutedCapacity), "must be at least 1");
        Require(Port is >= 0 and <= 65_535, nameof(Port), "must be 0 to 65535");
        foreach (var (option, period) in new[] { (nameof(PrefillDeadline), PrefillDeadline), (nameof(FirstByteDeadline), FirstByteDeadline), (nameof(IdleDeadline), IdleDeadline),
            (nameof(HealthInterval), HealthInterval), (nameof(HealthDeadline), HealthDeadline), (nameof(EjectionPeriod), EjectionPeriod), (nameof(MaxEjectionPeriod), MaxEjectionPeriod) })
            Require(period > TimeSpan.Zero && period < TimeSpan.FromDays(1), option, "must be over zero and under a day");
    }

    static void Require(bool holds, string option, string problem)
    {
        if (!holds)
            throw new ArgumentException($"{option} {problem}.", option);
    }
}
