namespace Spark.Notebooks;

/// <summary>What <see cref="Cluster.ServeAsync"/> started: engines that this process owns, and the address that requests go to.</summary>
public sealed class Deployment : IAsyncDisposable
{
    Deployment(Topology topology, string servedName, IReadOnlyList<EngineInstance> engines, int nodes)
    {
        Topology = topology;
        Engines = engines;
        Target = new()
        {
            Topology = topology.Name,
            Path = LoadTarget.Direct,
            Transport = topology.IsDisaggregated ? engines[0].Command.Knobs.Transport : null,
            Model = servedName,
            Endpoint = engines[0].Address.Address,
            Engines = [.. engines.Select(engine => engine.Address)],
            Nodes = nodes,
        };
    }

    public Topology Topology { get; }

    public IReadOnlyList<EngineInstance> Engines { get; }

    /// <summary>Its identity. Requests ask for a model name that this deployment's engines alone serve, so that no other server can answer them.</summary>
    public LoadTarget Target { get; }

    public bool IsRunning => Engines.All(engine => !engine.Process.Exited.IsCompleted);

    /// <summary>The engines' own lines on weights, KV cache and concurrency.</summary>
    public string StartupLog() => string.Join(Environment.NewLine, Engines.Select(engine => $"{engine.Address.Node}:{Environment.NewLine}{engine.Log}"));

    /// <summary>What each engine counts now.</summary>
    public async Task<IReadOnlyList<EngineMetrics>> MetricsAsync(CancellationToken cancellation = default) =>
        await Task.WhenAll(Engines.Select(engine => engine.Client.GetMetricsAsync(cancellation)));

    /// <summary>Stops its engines, waits until their ports are closed, and says so, one line an engine.</summary>
    public async Task<string> StopAsync() => string.Join(Environment.NewLine, await Task.WhenAll(Engines.Select(engine => engine.StopAsync())));

    public async ValueTask DisposeAsync() => await StopAsync();

    public static implicit operator LoadTarget(Deployment deployment) => deployment.Target;

    /// <summary>Starts engine i on node i, all at once; all of them come up, or none stays.</summary>
    /// <exception cref="EngineStartException">One did not come up.</exception>
    internal static async Task<Deployment> StartAsync(Topology topology, IReadOnlyList<LocalNode> nodes, string model, Knobs knobs, CancellationToken cancellation)
    {
        var (places, warning) = Placement.ForEngines(nodes, topology.Roles.Count);
        if (warning is not null)
            Console.WriteLine(warning);
        var servedName = $"serve-{Guid.NewGuid().ToString("N")[..8]}";
        var command = new ServeCommand { Model = model, ServedModelNames = [Path.GetFileName(model), servedName], Knobs = knobs };
        var engines = await StartAllAsync(places, topology.Roles.Select(role => command with { Role = role }), cancellation);
        return new(topology, servedName, engines, Math.Min(places.Count, nodes.Count));
    }

    static async Task<EngineInstance[]> StartAllAsync(IEnumerable<LocalNode> nodes, IEnumerable<ServeCommand> commands, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var progress = new ProgressLine();
        Exception? first = null;
        var starts = nodes.Zip(commands, StartOneAsync).ToArray();
        var engines = await Task.WhenAll(starts);
        if (first is null)
            return [.. engines.OfType<EngineInstance>()];
        await Task.WhenAll(engines.OfType<EngineInstance>().Select(engine => engine.StopAsync()));
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        throw first;

        async Task<EngineInstance?> StartOneAsync(LocalNode node, ServeCommand command)
        {
            try
            {
                return await EngineInstance.StartAsync(node, command, progress, giveUp.Token);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref first, error, null);
                await giveUp.CancelAsync();
                return null;
            }
        }
    }

    public override string ToString() => $"{Target.Topology}: {string.Join(", ", Engines)}";
}
