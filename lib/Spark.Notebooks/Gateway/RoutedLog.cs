namespace Spark.Notebooks;

/// <summary>The last requests that a gateway dealt with.</summary>
internal sealed class RoutedLog(int capacity)
{
    readonly Queue<RoutedRequest> requests = new();

    public void Add(RoutedRequest request)
    {
        lock (requests)
        {
            if (requests.Count == capacity)
                requests.Dequeue();
            requests.Enqueue(request);
        }
    }

    /// <summary>Newest last.</summary>
    public IReadOnlyList<RoutedRequest> ToList()
    {
        lock (requests)
            return [.. requests];
    }
}
