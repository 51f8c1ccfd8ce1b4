namespace Spark.Notebooks;

/// <summary>Sends request i when it is due, whether or not earlier ones were answered: load that does not slow down because the server does.</summary>
/// <param name="name">How the schedule was made.</param>
/// <param name="maxConcurrency">Most requests in flight; one that is due waits for a place, and its wait is not in its latencies. Null: no bound.</param>
internal sealed class OpenLoop(string name, IReadOnlyList<TimeSpan> schedule, int? maxConcurrency = null, TimeProvider? clock = null) : IArrivals
{
    readonly TimeProvider time = clock ?? TimeProvider.System;

    public string Name => maxConcurrency is null ? name : $"{name}, at most {maxConcurrency} in flight";

    public int? Concurrency => null;

    public IReadOnlyList<TimeSpan>? Schedule => schedule;

    public async Task SendAllAsync(int count, Func<int, Task<bool>> send, CancellationToken cancellation)
    {
        using var places = maxConcurrency is { } most ? new SemaphoreSlim(most) : null;
        var failed = false;
        var sent = new List<Task>();
        var started = time.GetTimestamp();
        try
        {
            for (var i = 0; i < count && !Volatile.Read(ref failed); i++)
            {
                if (schedule[i] - time.GetElapsedTime(started) is var interval && interval > TimeSpan.Zero)
                    await Task.Delay(interval, time, cancellation);
                if (places is not null)
                    await places.WaitAsync(cancellation);
                sent.Add(SendAsync(i));
            }
        }
        finally
        {
            await Task.WhenAll(sent);
        }

        async Task SendAsync(int index)
        {
            try
            {
                if (!await send(index))
                    Volatile.Write(ref failed, true);
            }
            finally
            {
                places?.Release();
            }
        }
    }
}
