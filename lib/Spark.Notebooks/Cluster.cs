namespace Spark.Notebooks;

/// <summary>The nodes that notebooks measure on. Serving again replaces what an earlier run of a cell started.</summary>
public sealed class Cluster : IAsyncDisposable
{
    static readonly SemaphoreSlim Gate = new(1);

    // By cluster name and for the whole process, since the cell that opens a cluster may be run again too.
    static readonly Dictionary<string, IReadOnlyList<Deployment>> Served = [];

    readonly string model;
    IReadOnlyList<Deployment> mine = [];

    Cluster(string name, string model, IReadOnlyList<INode> nodes, IReadOnlyList<string> warnings) =>
        (Name, this.model, Nodes, Warnings) = (name, model, nodes, warnings);

    public string Name { get; }

    /// <summary>The model's directory.</summary>
    internal string ModelPath => RepositoryRoot.Combine(model);

    /// <summary>As machines know the model: a hub name, or a directory of theirs.</summary>
    internal string Model => model;

    public IReadOnlyList<INode> Nodes { get; }

    /// <summary>Its nodes that are machines over SSH: all or none.</summary>
    internal IReadOnlyList<SshNode> Machines => [.. Nodes.OfType<SshNode>()];

    /// <exception cref="NotSupportedException">The nodes are machines over SSH.</exception>
    internal IReadOnlyList<LocalNode> LocalNodes => Nodes.All(node => node is LocalNode)
        ? [.. Nodes.Cast<LocalNode>()]
        : throw new NotSupportedException($"The nodes of {Name} are machines over SSH. This can be measured on the cores of the embedded cluster alone: Cluster.OpenAsync(\"local\").");

    /// <summary>Why measurements on this machine may say less than they should, also printed by <see cref="OpenAsync"/>; empty when nothing is amiss.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens <c>data/clusters/NAME.json</c>; without a name the one that <c>SPARK_CLUSTER</c> says, else <c>local</c>. Starts nothing, and connects to no machine yet.</summary>
    /// <exception cref="InvalidDataException">The file is wrong; the message names the field.</exception>
    public static async Task<Cluster> OpenAsync(string? name = null, CancellationToken cancellation = default)
    {
        name ??= Environment.GetEnvironmentVariable("SPARK_CLUSTER") is { Length: > 0 } chosen ? chosen : "local";
        var cluster = Create(name, await ClusterFile.FindAsync(name, cancellation), CpuList.Allowed(), EngineExecutable.Find());
        foreach (var warning in cluster.Warnings)
            Console.WriteLine(warning);
        return cluster;
    }

    internal static Cluster Create(string name, ClusterFile file, int[] cores, EngineExecutable engine)
    {
        if (file.Machines.Count > 0)
            return new(name, file.Model, [.. file.Machines.Select(machine => new SshNode(machine, file))], []);
        var (nodes, warnings) = Placement.OnThisMachine(file.Nodes, cores, engine);
        return new(name, file.Model, nodes, warnings);
    }

    /// <summary>Stops what this cluster served before, starts <paramref name="topology"/> with <paramref name="knobs"/>, and returns when every engine has proven to be the one just started.</summary>
    /// <exception cref="EngineStartException">An engine did not come up; nothing stays running.</exception>
    public async Task<Deployment> ServeAsync(Topology topology, Knobs? knobs = null, CancellationToken cancellation = default) =>
        (await ServeSideBySideAsync([(topology, knobs ?? new())], cancellation))[0];

    /// <summary>As the other overload, with the same knobs for each.</summary>
    public Task<IReadOnlyList<Deployment>> ServeSideBySideAsync(IReadOnlyList<Topology> topologies, Knobs? knobs = null, CancellationToken cancellation = default) =>
        ServeSideBySideAsync([.. topologies.Select(topology => (topology, knobs ?? new()))], cancellation);

    /// <summary>
    /// Serves several topologies on the same nodes, to be loaded in turns: an engine without load takes no time from the others, and what passes over the machine falls on all of them alike.
    /// Together they replace what this cluster served before.
    /// </summary>
    /// <exception cref="ArgumentException">A node has not the memory for all the engines that would be on it.</exception>
    /// <exception cref="EngineStartException">An engine did not come up; nothing stays running.</exception>
    public async Task<IReadOnlyList<Deployment>> ServeSideBySideAsync(IReadOnlyList<(Topology Topology, Knobs Knobs)> deployments, CancellationToken cancellation = default)
    {
        foreach (var (_, knobs) in deployments)
            knobs.Validate();
        Placement.RequireMemory(Nodes, deployments);
        using var turn = await TurnAsync(cancellation);
        await StopServedAsync();
        var started = new List<Deployment>();
        try
        {
            foreach (var (topology, knobs) in deployments)
                started.Add(await Deployment.StartAsync(topology, Nodes, knobs.Model ?? model, knobs, cancellation));
            return Served[Name] = mine = started;
        }
        catch
        {
            await Task.WhenAll(started.Select(deployment => deployment.StopAsync()));
            throw;
        }
    }

    /// <summary>Measures what a node's cores, or its GPU, can do at best, reading from buffers such as the size of the model's weights; the node must be idle for it.</summary>
    /// <exception cref="InvalidOperationException">An engine of this cluster is at work, or the measurement failed.</exception>
    public Task<NodeCeilings> MeasureAsync(INode? node = null, IReadOnlyList<long>? bufferBytes = null, CancellationToken cancellation = default) =>
        WhileIdleAsync(() => ClusterMeasurements.CeilingsAsync(node ?? Nodes[0], bufferBytes ?? [], cancellation), cancellation);

    /// <summary>Measures while nothing is served anew, and refuses to while an engine is at work.</summary>
    internal async Task<T> WhileIdleAsync<T>(Func<Task<T>> measure, CancellationToken cancellation)
    {
        using var turn = await TurnAsync(cancellation);
        var counts = await Task.WhenAll(Served.GetValueOrDefault(Name, []).Where(served => served.IsRunning).Select(served => served.MetricsAsync(cancellation)));
        if (counts.SelectMany(engines => engines).FirstOrDefault(engine => engine.Running + engine.Waiting > 0) is { } busy)
            throw new InvalidOperationException($"{busy.Node} has requests running or waiting. Measurements need an idle cluster: wait for them, or call StopAllAsync first.");
        return await measure();
    }

    /// <summary>Stops everything that this process started on this cluster, and says what that was.</summary>
    public async Task<string> StopAllAsync()
    {
        using var turn = await TurnAsync(default);
        var engines = Served.GetValueOrDefault(Name, []).SelectMany(deployment => deployment.Engines).ToArray();
        return await StopServedAsync() is { } stopped
            ? $"{stopped}{Environment.NewLine}Nothing {(engines.Any(engine => engine.Process.Lost is not null) ? "else " : "")}of {Name} is running."
            : $"Nothing of {Name} was running.";
    }

    /// <summary>Stops, on machines, the runs of this user's course whose notebook is gone; those of a notebook that is at work, and other users', are left alone. Says what came of it, one line a run.</summary>
    /// <exception cref="NodeConnectionException">A machine cannot be reached, or a run there does not end.</exception>
    public async Task<string> StopLeftoversAsync(CancellationToken cancellation = default)
    {
        if (Machines.Count == 0)
            return $"The nodes of {Name} are processes that end with their notebook: there is nothing to stop.";
        var said = new List<string>();
        foreach (var machine in Machines)
            said.AddRange(await machine.StopLeftoversAsync(cancellation));
        return said.Count > 0 ? string.Join(Environment.NewLine, said.Distinct()) : $"No run of another notebook is on the machines of {Name}.";
    }

    /// <summary>Stops what was served through this object, if it is still what the cluster serves.</summary>
    public async ValueTask DisposeAsync()
    {
        using var turn = await TurnAsync(default);
        if (Served.GetValueOrDefault(Name) == mine)
            await StopServedAsync();
    }

    public override string ToString() => string.Join(Environment.NewLine, [$"{Name}: {string.Join(", ", Nodes)}; model {model}", .. Warnings]);

    async Task<string?> StopServedAsync() => Served.Remove(Name, out var served)
        ? string.Join(Environment.NewLine, await Task.WhenAll(served.Select(deployment => deployment.StopAsync())))
        : null;

    static async Task<IDisposable> TurnAsync(CancellationToken cancellation)
    {
        await Gate.WaitAsync(cancellation);
        return new Turn();
    }

    sealed class Turn : IDisposable
    {
        public void Dispose() => Gate.Release();
    }
}
