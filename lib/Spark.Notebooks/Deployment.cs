using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>What <see cref="Cluster.ServeAsync"/> started: engines that this process owns, the gateway before them if the topology has one, and the address that requests go to.</summary>
[TypeFormatterSource(typeof(SentenceFormatters), PreferredMimeTypes = [Mime.Text])]
public sealed class Deployment : IAsyncDisposable
{
    readonly List<Deployment> fronts = [];
    readonly LoadTarget target;
    readonly bool ownsEngines;
    Task<string>? stopping;

    Deployment(Topology topology, IReadOnlyList<EngineInstance> engines, Gateway? gateway, LoadTarget target, bool ownsEngines) =>
        (Topology, Engines, Gateway, this.target, this.ownsEngines) = (topology, engines, gateway, target, ownsEngines);

    public Topology Topology { get; }

    public IReadOnlyList<EngineInstance> Engines { get; }

    /// <summary>What it counts, and the last requests that it routed; null where requests go to the engine directly.</summary>
    public Gateway? Gateway { get; }

    /// <summary>Its identity. Requests ask for a model name that this deployment's engines alone serve, so that no other server can answer them.</summary>
    /// <exception cref="InvalidOperationException">It was stopped, or a later cell has replaced it.</exception>
    public LoadTarget Target => stopping is null ? target
        : throw new InvalidOperationException($"{this} was stopped: run the cell that serves it again, then the cells below that one.");

    /// <summary>Its first engine as a target of its own, past any gateway.</summary>
    internal LoadTarget Direct => Target with { Path = LoadTarget.Direct, Policy = null, Gateway = null, Endpoint = Engines[0].Address.Address };

    public bool IsRunning => Engines.All(engine => !engine.Process.Exited.IsCompleted);

    /// <summary>The engines' own lines on weights, KV cache and concurrency.</summary>
    public string StartupLog() => string.Join(Environment.NewLine, Engines.Select(engine => $"{engine.Address.Node}:{Environment.NewLine}{engine.Log}"));

    /// <summary>What each engine counts now.</summary>
    public async Task<IReadOnlyList<EngineMetrics>> MetricsAsync(CancellationToken cancellation = default) =>
        await Task.WhenAll(Engines.Select(engine => engine.Client.GetMetricsAsync(cancellation)));

    /// <summary>Puts another gateway before the same engines, with another policy if one is named; stopping it stops that gateway alone.</summary>
    public async Task<Deployment> BehindGatewayAsync(string? policy = null, CancellationToken cancellation = default)
    {
        var knobs = Engines[0].Command.Knobs;
        var front = await OpenAsync(Topology.BehindGateway(), Engines, knobs with { Policy = policy ?? knobs.Policy }, Target, ownsEngines: false, cancellation);
        fronts.Add(front);
        return front;
    }

    /// <summary>Stops its gateway and its engines, waits until their ports are closed, and says so, one line an engine.</summary>
    public Task<string> StopAsync() => stopping ??= StopOnceAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    public static implicit operator LoadTarget(Deployment deployment) => deployment.Target;

    /// <summary>Starts engine i on node i, all at once, then the gateway; all of it comes up, or nothing stays.</summary>
    /// <exception cref="EngineStartException">An engine did not come up.</exception>
    internal static async Task<Deployment> StartAsync(Topology topology, IReadOnlyList<INode> nodes, string model, Knobs knobs, CancellationToken cancellation)
    {
        var (places, warning) = Placement.ForEngines(nodes, topology.Roles.Count);
        if (warning is not null)
            Console.WriteLine(warning);
        var servedName = $"serve-{Guid.NewGuid().ToString("N")[..8]}";
        var command = new ServeCommand { Model = nodes[0].Model(model), ServedModelNames = [Path.GetFileName(model), servedName], Knobs = knobs };
        var engines = await EngineGroup.StartAsync(places, topology.Roles.Select(role => command with { Role = role }), cancellation);
        var target = new LoadTarget
        {
            Topology = topology.Name,
            Path = LoadTarget.Direct,
            Transport = topology.IsDisaggregated ? nodes[0].Resolve(knobs.Transport) : null,
            Model = servedName,
            ModelName = Path.GetFileName(model),
            StepTokens = knobs.MaxNumBatchedTokens,
            Endpoint = engines[0].Address.Address,
            Engines = [.. engines.Select(engine => engine.Address)],
            Nodes = Math.Min(places.Count, nodes.Count),
        };
        try
        {
            return await OpenAsync(topology, engines, knobs, target, ownsEngines: true, cancellation);
        }
        catch
        {
            await EngineGroup.StopAsync(engines);
            throw;
        }
    }

    static async Task<Deployment> OpenAsync(Topology topology, IReadOnlyList<EngineInstance> engines, Knobs knobs, LoadTarget target, bool ownsEngines, CancellationToken cancellation)
    {
        if (!topology.HasGateway)
            return new(topology, engines, null, target, ownsEngines);
        var gateway = await Gateway.StartAsync(
            new()
            {
                Backends = [.. engines.Where(engine => engine.Address.Role != EngineRole.Prefill).Select(Backend)],
                Prefill = [.. engines.Where(engine => engine.Address.Role == EngineRole.Prefill).Select(Backend)],
                Policy = knobs.Policy,
                MinRemotePrefillTokens = knobs.MinRemotePrefillTokens,
            },
            cancellation: cancellation);
        foreach (var warning in gateway.Warnings)
            Console.WriteLine(warning);
        return new(topology, engines, gateway, target with { Path = LoadTarget.ThroughGateway, Policy = knobs.Policy, Endpoint = gateway.Address, Gateway = gateway }, ownsEngines);

        static Backend Backend(EngineInstance engine) => new(engine.Address.Node, engine.Address.Address);
    }

    async Task<string> StopOnceAsync()
    {
        foreach (var front in fronts)
            await front.StopAsync();
        if (Gateway is not null)
            await Gateway.DisposeAsync();
        return ownsEngines ? string.Join(Environment.NewLine, await EngineGroup.StopAsync(Engines)) : "";
    }

    public override string ToString() => $"{target.Name}: {string.Join(", ", Engines)}";
}
