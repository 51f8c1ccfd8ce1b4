using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>Asks the engines behind a target, each at its own address, who they are and what they have counted.</summary>
internal sealed class EngineWatch(LoadTarget target, TimeProvider time) : IDisposable
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan IdleDeadline = TimeSpan.FromSeconds(5);

    public IReadOnlyList<EngineClient> Clients { get; } = [.. target.Engines.Select(engine => new EngineClient(engine.Node, engine.Address))];

    /// <summary>Whether every engine still serves its own run id, and the name that the target's requests carry.</summary>
    public async Task<bool> AreThoseStartedAsync(CancellationToken cancellation)
    {
        try
        {
            var names = await Task.WhenAll(Clients.Select(engine => engine.GetModelNamesAsync(cancellation)));
            return names.Zip(target.Engines).All(engine => engine.First.Contains(engine.Second.RunId) && engine.First.Contains(target.Model));
        }
        catch (Exception error) when (error is HttpRequestException or JsonException)
        {
            return false;
        }
    }

    /// <summary>Waits until nothing runs, so that no run begins with the end of another.</summary>
    /// <exception cref="InvalidOperationException">An engine stays at work.</exception>
    public async Task<EngineMetrics[]> IdleCountersAsync(CancellationToken cancellation)
    {
        var counters = await CountersAsync(cancellation);
        return counters.FirstOrDefault(engine => engine.Running + engine.Waiting > 0) is { } busy
            ? throw new InvalidOperationException($"{busy.Node} is at work on {busy.Running + busy.Waiting} requests of someone else: a run needs it idle.")
            : counters;
    }

    /// <summary>Empty when one cannot be asked.</summary>
    public async Task<IReadOnlyList<EngineMetrics>> IncrementsAsync(EngineMetrics[] before, CancellationToken cancellation)
    {
        try
        {
            return [.. (await CountersAsync(cancellation)).Zip(before, (after, earlier) => after.Since(earlier))];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        foreach (var client in Clients)
            client.Dispose();
    }

    // A stream ends for its reader a little before the engine has counted it.
    async Task<EngineMetrics[]> CountersAsync(CancellationToken cancellation)
    {
        for (var asked = time.GetTimestamp(); ; await Task.Delay(PollInterval, cancellation))
        {
            var metrics = await Task.WhenAll(Clients.Select(engine => engine.GetMetricsAsync(cancellation)));
            if (metrics.All(engine => engine.Running + engine.Waiting == 0) || time.GetElapsedTime(asked) > IdleDeadline)
                return metrics;
        }
    }
}
