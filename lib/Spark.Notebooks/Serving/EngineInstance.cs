using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>One engine that this process started and owns, proven to be the one that answers on its port.</summary>
public sealed class EngineInstance : IAsyncDisposable
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan PortDeadline = TimeSpan.FromSeconds(5);
    const int Attempts = 3;

    Task<string>? stopping;

    EngineInstance(LocalNode node, ServeCommand command)
    {
        Command = command;
        Address = new(node.Name, command.ServedModelNames[^1], new($"http://127.0.0.1:{command.Port}"));
        Client = new(node.Name, Address.Address);
        Process = node.StartEngine(command.Arguments);
    }

    public EngineAddress Address { get; }

    public ServeCommand Command { get; }

    public OwnedProcess Process { get; }

    public EngineClient Client { get; }

    /// <summary>What the engine said of itself while it started.</summary>
    public EngineLog Log { get; private set; } = EngineLog.Parse([]);

    /// <summary>Starts an engine and waits until it is ready; where the node's ports leave a choice, one that someone else took meanwhile is given up for another.</summary>
    /// <exception cref="EngineStartException">It did not come up.</exception>
    internal static async Task<EngineInstance> StartAsync(LocalNode node, string model, Knobs knobs, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var runId = $"run-{Guid.NewGuid().ToString("N")[..8]}";
            var engine = new EngineInstance(node, new() { Model = model, Port = node.FindPort(), ServedModelNames = [Path.GetFileName(model), runId], Knobs = knobs });
            try
            {
                using var progress = new ProgressLine();
                await Readiness.WaitAsync(engine, StartDeadline, progress, cancellation);
                engine.Log = EngineLog.Parse(engine.Process.Log.Lines);
                progress.Finish($"{node}: {runId} ready at {engine.Address.Address} in {progress.Elapsed.TotalSeconds:0.0} s");
                return engine;
            }
            catch (EngineStartException) when (attempt < Attempts && node.Ports.HasChoice && PortRange.IsListening(engine.Command.Port))
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

    /// <summary>Ends the process, waits until its port is closed, and says what came of it.</summary>
    public Task<string> StopAsync() => stopping ??= StopOnceAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    async Task<string> StopOnceAsync()
    {
        var crashed = Process.Exited.IsCompleted ? $"had ended by itself with exit code {await Process.Exited}; its output is in {Process.Log.Path}" : null;
        await EndAsync(keepLog: crashed is not null);

        var waiting = Stopwatch.StartNew();
        while (PortRange.IsListening(Command.Port) && waiting.Elapsed < PortDeadline)
            await Task.Delay(PollInterval);
        return $"{this} {crashed ?? "stopped"}{(PortRange.IsListening(Command.Port) ? "; another program listens on its port" : "")}.";
    }

    async Task EndAsync(bool keepLog)
    {
        Client.Dispose();
        await Process.DisposeAsync();
        if (!keepLog)
            Process.Log.Delete();
    }

    public override string ToString() => $"{Address.RunId} on {Address.Node} (pid {Process.Id}, {Address.Address})";
}
