namespace Spark.Notebooks;

/// <summary>What <see cref="Cluster.ServeAsync"/> started: engines that this process owns, and the address that requests go to.</summary>
public sealed class Deployment : IAsyncDisposable
{
    Deployment(Topology topology, IReadOnlyList<EngineInstance> engines)
    {
        Engines = engines;
        Target = new()
        {
            Topology = topology.Name,
            Path = "direct",
            Model = engines[0].Address.RunId,
            Endpoint = engines[0].Address.Address,
            Engines = [.. engines.Select(engine => engine.Address)],
        };
    }

    public IReadOnlyList<EngineInstance> Engines { get; }

    /// <summary>Its identity. Requests ask for the run id as their model, so that no other server can answer them.</summary>
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

    /// <summary>Starts engine i on node i; all of them come up, or none stays.</summary>
    /// <exception cref="EngineStartException">One did not come up.</exception>
    internal static async Task<Deployment> StartAsync(Topology topology, IEnumerable<LocalNode> nodes, string model, Knobs knobs, CancellationToken cancellation)
    {
        var engines = new List<EngineInstance>();
        try
        {
            foreach (var node in nodes.Take(topology.Engines))
                engines.Add(await EngineInstance.StartAsync(node, model, knobs, cancellation));
            return new(topology, engines);
        }
        catch
        {
            await Task.WhenAll(engines.Select(engine => engine.StopAsync()));
            throw;
        }
    }

    public override string ToString() => $"{Target.Topology}: {string.Join(", ", Engines)}";
}
