namespace Spark.Notebooks;

/// <summary>As many clients as <paramref name="concurrency"/>, each of which sends its next request when its last one has ended.</summary>
internal sealed class ClosedLoop(int concurrency) : IArrivals
{
    public string Name => $"closed loop, concurrency {concurrency}";

    public int? Concurrency => concurrency;

    public IReadOnlyList<TimeSpan>? Schedule => null;

    public Task SendAllAsync(int count, Func<int, Task<bool>> send, CancellationToken cancellation)
    {
        var next = -1;
        var failed = false;
        return Task.WhenAll(Enumerable.Range(0, Math.Min(concurrency, count)).Select(_ => ClientAsync()));

        async Task ClientAsync()
        {
            while (!Volatile.Read(ref failed) && Interlocked.Increment(ref next) is var index && index < count)
            {
                if (!await send(index))
                    Volatile.Write(ref failed, true);
            }
        }
    }
}
