namespace Spark.Notebooks;

/// <summary>Decides when each request of a workload is sent.</summary>
internal interface IArrivals
{
    string Name { get; }

    /// <summary>Requests that are kept in flight; null where that depends on the answers.</summary>
    int? Concurrency { get; }

    /// <summary>When each request is due, since the first could be; null where that depends on the answers.</summary>
    IReadOnlyList<TimeSpan>? Schedule { get; }

    /// <summary>Sends requests 0 to <paramref name="count"/> − 1, and no more once <paramref name="send"/> says that one failed; returns when all that were sent have ended.</summary>
    Task SendAllAsync(int count, Func<int, Task<bool>> send, CancellationToken cancellation);
}
