using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Load in the middle of which an engine ends: what clients saw of it, and what the gateway made of it.</summary>
/// <param name="Ended">The node whose engine ended.</param>
/// <param name="After">Requests that had been answered by then, warm-ups included.</param>
public sealed record Outage(LoadRun Run, string Ended, long After, GatewaySnapshot Gateway)
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Ends <paramref name="engine"/> once half of the requests are answered; it stays ended.</summary>
    public static async Task<Outage> RunAsync(Deployment deployment, EngineInstance engine, Workload workload, int concurrency, CancellationToken cancellation = default)
    {
        var gateway = deployment.Gateway ?? throw new ArgumentException($"{deployment.Target.Name} has no gateway that could do without an engine.", nameof(deployment));
        var (before, half) = (Answered(gateway), workload.Requests.Count / 2);
        var load = LoadRun.ClosedLoopAsync(deployment, workload, concurrency, cancellation);
        while (Answered(gateway) - before < half && !load.IsCompleted)
            await Task.Delay(PollInterval, cancellation);
        var after = Answered(gateway) - before;
        await engine.StopAsync();
        return new(await load, engine.Address.Node, after, gateway.Snapshot());
    }

    /// <summary>By backend: what it answered in this run, and what the gateway counted since it started.</summary>
    public Table Summary() => new(
        Headline,
        new(
            Words("backend", Gateway.Backends.Select(backend => backend.Name)),
            Words("role", Gateway.Backends.Select(backend => backend.Role)),
            Numbers("requests answered", Gateway.Backends.Select(backend => (double)Run.Requests.Count(request => request.Succeeded && request.Node == backend.Name))),
            Numbers("legs failed", Gateway.Backends.Select(backend => (double)backend.Failed)),
            Numbers("times ejected", Gateway.Backends.Select(backend => (double)backend.Ejections)),
            Words("gets requests now", Gateway.Backends.Select(backend => backend.Ejected ? "no" : "yes"))),
        Provenance.Of(Run));

    string Headline =>
        $"{Ended} ended after {After} answers: of {Figures.Count(Run.Requests.Count, "request")} {Run.Completed} were answered, {Run.Failed} failed"
        + (Run.Requests.FirstOrDefault(request => !request.Succeeded)?.Error is { } error ? $" ({error})" : "")
        + (Run.Fallbacks > 0 ? $"; {Run.Fallbacks} were prefilled where they were decoded" : "");

    static long Answered(Gateway gateway) => gateway.Snapshot().Backends.Where(backend => backend.Role != "prefill").Sum(backend => backend.Served);
}
