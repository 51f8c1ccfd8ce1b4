namespace Spark.Notebooks;

/// <summary>What a static batcher does: sends <paramref name="batchSize"/> requests together and waits for the last of them before it sends any more.</summary>
internal sealed class StaticBatches(int batchSize) : IArrivals
{
    public string Name => $"static batches of {batchSize}";

    public int? Concurrency => batchSize;

    public IReadOnlyList<TimeSpan>? Schedule => null;

    public async Task SendAllAsync(int count, Func<int, Task<bool>> send, CancellationToken cancellation)
    {
        foreach (var batch in Enumerable.Range(0, count).Chunk(batchSize))
        {
            var succeeded = await Task.WhenAll(batch.Select(send));
            if (succeeded.Contains(false))
                return;
        }
    }
}
