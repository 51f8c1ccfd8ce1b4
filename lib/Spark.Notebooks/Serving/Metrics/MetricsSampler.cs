namespace Spark.Notebooks;

/// <summary>Reads the gauges of engines at a steady interval until it is stopped. A scrape takes spark-engine about half a millisecond of its core, so that sampling takes about 0.5 % of it.</summary>
internal sealed class MetricsSampler : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    readonly CancellationTokenSource stop = new();
    readonly List<MetricsSample> samples = [];
    readonly Task sampling;

    public MetricsSampler(IReadOnlyList<EngineClient> engines, Func<TimeSpan> clock, TimeProvider time) => sampling = SampleAsync(engines, clock, time);

    /// <summary>Ends the sampling and gives what it saw, in order of time.</summary>
    public async Task<IReadOnlyList<MetricsSample>> StopAsync()
    {
        await stop.CancelAsync();
        await sampling;
        return samples;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    async Task SampleAsync(IReadOnlyList<EngineClient> engines, Func<TimeSpan> clock, TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                foreach (var engine in engines)
                {
                    var metrics = await engine.GetMetricsAsync(stop.Token);
                    samples.Add(new()
                    {
                        Node = metrics.Node,
                        At = clock(),
                        Running = metrics.Running,
                        Waiting = metrics.Waiting,
                        KvCacheUsage = metrics.KvCacheUsage,
                        Preemptions = metrics.Preemptions,
                    });
                }
            }
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException)
        {
            // The run is over, or the engine is: its requests report that better than a gauge can.
        }
    }
}
