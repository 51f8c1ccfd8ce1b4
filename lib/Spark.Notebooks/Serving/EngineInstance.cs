using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>One engine that this process started and owns, proven to be the one that answers on its port.</summary>
public sealed class EngineInstance : IAsyncDisposable
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan PortDeadline = TimeSpan.FromSeconds(5);
    const int Attempts = 3;

    readonly Stopwatch age = Stopwatch.StartNew();
    Task<string>? stopping;

    EngineInstance(LocalNode node, ServeCommand command)
    {
        Command = command;
        Process = node.StartEngine(command);
        Address = new(node.Name, command.ServedModelNames[^1], new($"http://127.0.0.1:{command.Port}"))
        {
            Role = command.Role,
            Cores = node.Cores is null ? null : CpuList.Parse(node.Cores).Length,
            ProcessId = Process.Id,
        };
        Client = new(node.Name, Address.Address);
    }

    public EngineAddress Address { get; }

    public ServeCommand Command { get; }

    public OwnedProcess Process { get; }

    public EngineClient Client { get; }

    /// <summary>What the engine said of itself while it started.</summary>
    public EngineLog Log { get; private set; } = EngineLog.Parse([]);

    internal TimeSpan Age => age.Elapsed;

    /// <summary>Starts an engine and waits until it is ready; where the node's ports leave a choice, one that someone else took meanwhile is given up for another.</summary>
    /// <param name="command">What to serve; port, side channel and run id are found here.</param>
    /// <exception cref="EngineStartException">It did not come up.</exception>
    internal static async Task<EngineInstance> StartAsync(LocalNode node, ServeCommand command, ProgressLine progress, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var engine = Start(node, command);
            try
            {
                await Readiness.WaitAsync(engine, StartDeadline, progress, cancellation);
                engine.Log = EngineLog.Parse(engine.Process.Log.Lines);
                progress.Finish($"{node}: {engine.Address.RunId} ready at {engine.Address.Address} in {engine.Age.TotalSeconds:0.0} s");
                return engine;
            }
            catch (EngineStartException) when (attempt < Attempts && node.Ports.HasChoice && engine.Ports.Any(PortRange.IsListening))
            {
                await engine.EndAsync(keepLog: false);
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

    static EngineInstance Start(LocalNode node, ServeCommand command)
    {
        var ports = new List<int>();
        try
        {
            ports.Add(node.TakePort());
            if (command.Role != EngineRole.Both)
                ports.Add(node.TakePort());
            return new(node, command with
            {
                Port = ports[0],
                SideChannelPort = command.Role == EngineRole.Both ? null : ports[1],
                ServedModelNames = [.. command.ServedModelNames, $"run-{Guid.NewGuid().ToString("N")[..8]}"],
            });
        }
        catch
        {
            ports.ForEach(PortRange.Release);
            throw;
        }
    }

    IEnumerable<int> Ports => Command.SideChannelPort is { } side ? [Command.Port, side] : [Command.Port];

    async Task<string> StopOnceAsync()
    {
        var crashed = Process.Exited.IsCompleted ? $"had ended by itself with exit code {await Process.Exited}; its output is in {Process.Log.Path}" : null;
        await EndAsync(keepLog: crashed is not null);

        var waiting = Stopwatch.StartNew();
        while (Ports.Any(PortRange.IsListening) && waiting.Elapsed < PortDeadline)
            await Task.Delay(PollInterval);
        return $"{this} {crashed ?? "stopped"}{(Ports.Any(PortRange.IsListening) ? "; another program listens on its port" : "")}.";
    }

    async Task EndAsync(bool keepLog)
    {
        Client.Dispose();
        await Process.DisposeAsync();
        foreach (var port in Ports)
            PortRange.Release(port);
        if (!keepLog)
            Process.Log.Delete();
    }

    public override string ToString() => $"{Address.RunId} on {Address.Node} (pid {Process.Id}, {Address.Address})";
}
