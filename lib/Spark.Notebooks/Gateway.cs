namespace Spark.Notebooks;

/// <summary>A reverse proxy for vLLM servers in this process: it balances requests over backends, or splits each into a prefill and a decode leg.</summary>
public sealed class Gateway : IAsyncDisposable
{
    readonly Upstream upstream;
    readonly IReadOnlyList<BackendState> backends;
    readonly TokenCounter tokens;
    readonly GatewayCounters counters = new();
    readonly RoutedLog routed;
    readonly GatewayServer server;
    HealthProbes? probes;

    Gateway(GatewayOptions options, TimeProvider clock)
    {
        upstream = new(options, clock);
        var prefill = Pool("prefill", options.Prefill);
        var answering = Pool(options.Prefill.Count > 0 ? "decode" : "serve", options.Backends);
        backends = [.. prefill.Backends, .. answering.Backends];
        tokens = new(answering, upstream);
        routed = new(options.RoutedCapacity);

        var single = new SingleLeg(answering, upstream);
        IRoute completions = options.Prefill.Count == 0 ? single
            : new PrefillDecode(prefill, single, new(tokens, options.MinRemotePrefillTokens), new(answering, upstream, counters), upstream, counters);
        var files = OpenFileLimit.Read();
        MaxInFlight = options.MaxInFlight ?? OpenFileLimit.MaxInFlight(files);
        Warnings = OpenFileLimit.Warning(files, MaxInFlight) is { } warning ? [warning] : [];
        var limited = new LimitedRequests(MaxInFlight, options.Policy, counters, routed);
        server = new(options.Port, new FrontDoor(options.ApiKey, answering, backends, completions, single, limited, new(backends, upstream), counters, clock).HandleAsync);

        BackendPool Pool(string role, IReadOnlyList<Backend> members) =>
            new(role, [.. members.Select(backend => new BackendState(backend, role, options, clock))], RoutingPolicies.Create(options.Policy, options.Random));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => server.Address;

    /// <summary>The most that it lets be in flight at once.</summary>
    public int MaxInFlight { get; }

    /// <summary>What on this machine may keep it from its limit; empty when nothing does.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The last requests that ended, newest last.</summary>
    public IReadOnlyList<RoutedRequest> Routed => routed.ToList();

    public GatewaySnapshot Snapshot() => new()
    {
        Backends = [.. backends.Select(backend => backend.Snapshot())],
        InFlight = counters.InFlight,
        Rejected = counters.RejectedRequests,
        ClientsGone = counters.ClientsGone,
        Fallbacks = counters.Fallbacks,
        Bypasses = counters.Bypasses,
    };

    /// <summary>Starts listening on 127.0.0.1.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<Gateway> StartAsync(GatewayOptions options, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        options.Validate();
        var gateway = new Gateway(options, clock ?? TimeProvider.System);
        try
        {
            await gateway.server.StartAsync(cancellation);
            gateway.probes = new(gateway.backends, gateway.upstream);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes its port and every connection; requests at work end as if their clients had gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (probes is not null)
            await probes.DisposeAsync();
        await server.DisposeAsync();
        upstream.Dispose();
        tokens.Dispose();
    }
}
