using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Spark.Notebooks;

/// <summary>One server-sent event: its data as it came, and when its last byte arrived.</summary>
internal readonly record struct SseEvent(long Arrival, byte[] Data)
{
    /// <summary>Reads events as they come and leaves their meaning for later, so that no parsing delays the next timestamp.</summary>
    public static async IAsyncEnumerable<SseEvent> ReadAsync(Stream stream, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var stamped = new StampedStream(stream, time);
        await foreach (var item in SseParser.Create(stamped, (_, data) => data.ToArray()).EnumerateAsync(cancellation))
            yield return new(stamped.LatestArrival, item.Data);
    }
}
