namespace Spark.Notebooks;

/// <summary>Asks every backend for <c>/health</c> at an interval, which is how a dead one is noticed without a request, and how an ejected one returns.</summary>
internal sealed class HealthProbes : IAsyncDisposable
{
    readonly Upstream upstream;
    readonly CancellationTokenSource stopping = new();
    readonly Task running;

    public HealthProbes(IReadOnlyList<BackendState> backends, Upstream upstream)
    {
        this.upstream = upstream;
        running = Task.WhenAll(backends.Select(ProbeAtIntervalsAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    async Task ProbeAtIntervalsAsync(BackendState backend)
    {
        using var timer = new PeriodicTimer(upstream.Options.HealthInterval, upstream.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                await ProbeAsync(backend);
        }
        catch (OperationCanceledException)
        {
            // The gateway is closing.
        }
    }

    async Task ProbeAsync(BackendState backend)
    {
        using var deadline = new Deadline(upstream.Clock, upstream.Options.HealthDeadline, stopping.Token);
        try
        {
            var answer = await upstream.SendAsync(HttpMethod.Get, backend, "/health", null, null, deadline.Token);
            backend.Health.Probed(answer.Status is 200 ? null : $"/health answered {answer.Status}", unreachable: true);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Says nothing about the backend.
        }
        catch (Exception error)
        {
            backend.Health.Probed($"/health: {(deadline.Expired ? $"no answer within {upstream.Options.HealthDeadline.TotalSeconds:0.###} s" : Upstream.Reason(error))}", Upstream.IsUnreachable(error));
        }
    }
}
