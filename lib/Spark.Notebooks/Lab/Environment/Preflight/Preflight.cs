using System.Diagnostics;

namespace Spark.Notebooks;

/// <summary>Starts one prefill engine with NixlConnector on a machine, with little KV cache and an eye on the machine's memory, and ends it again.</summary>
internal static class Preflight
{
    const int LastLines = 12;
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <param name="available">The memory that can be had there without swapping.</param>
    /// <exception cref="NodeConnectionException">The machine cannot be reached.</exception>
    /// <exception cref="EngineStartException">Someone else answers on the engine's port.</exception>
    public static async Task<PreflightVerdict> RunAsync(INode node, string model, PreflightKnobs knobs, Func<CancellationToken, Task<ByteSize>> available, CancellationToken cancellation)
    {
        knobs.Validate();
        var command = await node.CompleteAsync(
            new ServeCommand
            {
                Model = node.Model(model),
                ServedModelNames = [Path.GetFileName(model)],
                Role = EngineRole.Prefill,
                KvCacheMemory = knobs.KvCache,
                Knobs = knobs.Engine,
            },
            cancellation);
        var before = await available(cancellation);
        var verdict = new PreflightVerdict { Node = node.Name, MemoryBefore = before, MemoryLeast = before, MemoryCap = Least(knobs.MemoryCap, 0.8 * before) };
        await using var engine = await EngineInstance.StartProcessAsync(node, command, cancellation);
        using var progress = new ProgressLine();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var within = knobs.Within ?? node.StartDeadline;
        var ready = Readiness.WaitAsync(engine, within, progress, giveUp.Token);
        for (var readyFor = new Stopwatch(); readyFor.Elapsed <= knobs.Watched; await Task.WhenAny(engine.Process.Exited, Task.Delay(Interval, cancellation)))
        {
            verdict = verdict with { MemoryLeast = Least(verdict.MemoryLeast, await available(cancellation)), Took = readyFor.IsRunning ? verdict.Took : engine.Age };
            if (before - verdict.MemoryLeast > verdict.MemoryCap)
            {
                await giveUp.CancelAsync();
                return Fails(PreflightSymptom.Growth, Last());
            }
            if (engine.Process.Exited.IsCompleted)
                return Why(PreflightSymptom.Ended(await engine.Process.Exited));
            if (ready.IsFaulted && engine.Age >= within)
                return Why(PreflightSymptom.Stall);
            if (ready.IsCompletedSuccessfully)
                readyFor.Start();
            else if (ready.IsFaulted)
                await ready;
        }
        progress.Finish($"{node}: NixlConnector is up");
        return verdict with { Works = true };

        PreflightVerdict Why(PreflightSymptom otherwise) => PreflightSymptom.In(engine.Process.Log.Lines) is { } known ? Fails(known.Symptom, known.Lines) : Fails(otherwise, Last());

        PreflightVerdict Fails(PreflightSymptom symptom, IReadOnlyList<string> lines) => verdict with { Works = false, Symptom = symptom.Name, Advice = symptom.Advice, Lines = [.. lines.TakeLast(LastLines)] };

        IReadOnlyList<string> Last() => [.. engine.Process.Log.Lines.TakeLast(LastLines)];
    }

    static ByteSize Least(ByteSize one, ByteSize other) => one < other ? one : other;
}
