using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>One engine that this process started and owns, proven to be the one that answers on its port.</summary>
public sealed class EngineInstance : IAsyncDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan PortDeadline = TimeSpan.FromSeconds(5);
    const int Attempts = 3;

    readonly Stopwatch age = Stopwatch.StartNew();
    readonly INode node;
    Task<string>? stopping;

    EngineInstance(INode node, ServeCommand command, INodeProcess process)
    {
        (this.node, Command, Process) = (node, command, process);
        Address = new(node.Name, command.ServedModelNames[^1], new($"http://{(command.Host.Contains(':') ? $"[{command.Host}]" : command.Host)}:{command.Port}"))
        {
            Role = command.Role,
            Cores = node.Cores is null ? null : CpuList.Parse(node.Cores).Length,
            ProcessId = process.LocalId,
        };
        Client = new(node.Name, Address.Address);
    }

    public EngineAddress Address { get; }

    public ServeCommand Command { get; }

    public INodeProcess Process { get; }

    public EngineClient Client { get; }

    /// <summary>What the engine said of itself while it started.</summary>
    public EngineLog Log { get; private set; } = EngineLog.Parse([]);

    /// <summary>All the memory of its node's GPU, or what stands for it.</summary>
    public ByteSize DeviceMemory { get; private set; }

    /// <summary>The served model's config.json; null if its node has none.</summary>
    internal string? Config { get; private set; }

    internal TimeSpan Age => age.Elapsed;

    /// <summary>Starts an engine and waits until it is ready; where the node's ports leave a choice, one that someone else took meanwhile is given up for another.</summary>
    /// <param name="command">What to serve; addresses, ports and run id are found here.</param>
    /// <exception cref="EngineStartException">It did not come up.</exception>
    internal static async Task<EngineInstance> StartAsync(INode node, ServeCommand command, ProgressLine progress, CancellationToken cancellation)
    {
        command = await node.CompleteAsync(command, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var engine = await StartProcessAsync(node, command, cancellation);
            try
            {
                await Readiness.WaitAsync(engine, node.StartDeadline, progress, cancellation);
                engine.Log = EngineLog.Parse(engine.Process.Log.Lines);
                engine.DeviceMemory = await node.ReadDeviceMemoryAsync(cancellation);
                engine.Config = await node.ReadConfigAsync(command.Model, cancellation);
                progress.Finish($"{node}: {engine.Address.RunId} ready at {engine.Address.Address} in {engine.Age.TotalSeconds:0.0} s");
                return engine;
            }
            catch (EngineStartException) when (attempt < Attempts && node.HasPortChoice)
            {
                // Its own port may be what it failed on, and this is seen only while whoever has it does.
                var taken = await node.ListeningAsync(engine.Ports, cancellation);
                await engine.EndAsync(keepLog: taken.Count == 0);
                if (taken.Count == 0)
                    throw;
            }
            catch (Exception error)
            {
                await engine.EndAsync(keepLog: error is EngineStartException);
                throw;
            }
        }
    }

    /// <summary>Ends the process, waits until its ports are closed, and says what came of it.</summary>
    public Task<string> StopAsync() => stopping ??= StopOnceAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Starts a completed command on free ports under a new run id, and waits for nothing.</summary>
    internal static async Task<EngineInstance> StartProcessAsync(INode node, ServeCommand command, CancellationToken cancellation)
    {
        var ports = await node.TakePortsAsync(command.Role == EngineRole.Both ? 1 : 2, cancellation);
        try
        {
            command = command with
            {
                Port = ports[0],
                SideChannelPort = command.Role == EngineRole.Both ? null : ports[1],
                ServedModelNames = [.. command.ServedModelNames, $"run-{Guid.NewGuid().ToString("N")[..8]}"],
            };
            return new(node, command, await node.StartEngineAsync(command, cancellation));
        }
        catch
        {
            foreach (var port in ports)
                PortRange.Release(port);
            throw;
        }
    }

    IEnumerable<int> Ports => Command.SideChannelPort is { } side ? [Command.Port, side] : [Command.Port];

    async Task<string> StopOnceAsync()
    {
        var crashed = Process.Exited.IsCompleted && Process.Lost is null ? $"had ended by itself with exit code {await Process.Exited}; its output is in {Process.Log.Path}" : null;
        await EndAsync(keepLog: crashed is not null || Process.Lost is not null);
        if (Process.Lost is { } lost)
            return $"{this}: {lost}.";

        return $"{this} {crashed ?? "stopped"}{await PortsAsync()}.";
    }

    async Task<string> PortsAsync()
    {
        try
        {
            for (var waiting = Stopwatch.StartNew(); (await node.ListeningAsync(Ports, default)).Count > 0; await Task.Delay(PollInterval))
            {
                if (waiting.Elapsed > PortDeadline)
                    return "; another program listens on its port";
            }
            return "";
        }
        catch (NodeConnectionException error)
        {
            return $"; whether its ports are closed is not known: {error.Message}";
        }
    }

    async Task EndAsync(bool keepLog)
    {
        Client.Dispose();
        await Process.DisposeAsync();
        foreach (var port in Ports)
            PortRange.Release(port);
        if (!keepLog && Process.Lost is null)
            Process.Log.Delete();
    }

    public override string ToString() => $"{Address.RunId} on {Address.Node} (pid {Process.Id}, {Address.Address})";
}
