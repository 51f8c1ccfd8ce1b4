using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Measurements that take several nodes, in processes of their own on the nodes' cores; the cluster must be idle for them.</summary>
public static class ClusterMeasurements
{
    const int Attempts = 3;
    static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(50);

    /// <summary>The two ceilings of every node, one node after the other.</summary>
    public static async Task<IReadOnlyList<NodeCeilings>> MeasureAllAsync(this Cluster cluster, EnvironmentKnobs? knobs = null, CancellationToken cancellation = default)
    {
        var ceilings = new List<NodeCeilings>();
        foreach (var node in cluster.LocalNodes)
            ceilings.Add(await cluster.MeasureAsync(node, [1 << 20, 16 << 20, (knobs ?? new()).ReadBuffer.Bytes, 256 << 20], cancellation));
        return ceilings;
    }

    /// <summary>What each node keeps up alone, and what while all do the same: whether they take from one another.</summary>
    /// <exception cref="InvalidOperationException">An engine is at work, or a measurement failed.</exception>
    public static Task<Contention> MeasureContentionAsync(this Cluster cluster, EnvironmentKnobs? knobs = null, CancellationToken cancellation = default) =>
        cluster.WhileIdleAsync(
            async () =>
            {
                var alone = new List<NodeRates>();
                foreach (var node in cluster.LocalNodes)
                    alone.AddRange(await RatesAsync([node], knobs ?? new(), cancellation));
                return new Contention(alone, await RatesAsync(cluster.LocalNodes, knobs ?? new(), cancellation));
            },
            cancellation);

    /// <summary>Pulls from the first node to the second over a transport, <c>tcp</c> or <c>shm</c>; on a cluster of one node from that node to itself.</summary>
    /// <exception cref="InvalidOperationException">An engine is at work, or the measurement failed.</exception>
    public static Task<NodeLink> MeasureLinkAsync(this Cluster cluster, string transport, IReadOnlyList<ByteSize>? messages = null, CancellationToken cancellation = default) =>
        cluster.WhileIdleAsync(
            () => LinkAsync(cluster.LocalNodes[0], cluster.LocalNodes[^1], transport, messages ?? new EnvironmentKnobs().Messages, cancellation),
            cancellation);

    static async Task<IReadOnlyList<NodeRates>> RatesAsync(IReadOnlyList<LocalNode> nodes, EnvironmentKnobs knobs, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Processes take their time to start, on a busy machine more of it.
            var start = DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(400 * nodes.Count * attempt);
            var rates = await Task.WhenAll(nodes.Select(node => RatesAsync(node, knobs, start, cancellation)));
            if (attempt == Attempts || rates.All(rate => rate.Late < Overlap))
                return rates;
        }
    }

    static async Task<NodeRates> RatesAsync(LocalNode node, EnvironmentKnobs knobs, DateTimeOffset start, CancellationToken cancellation)
    {
        await using var process = node.StartTool("measure", "steady", "--bytes", Text(knobs.ReadBuffer.Bytes), "--at", Text(start.ToUnixTimeMilliseconds()), "--for", Text((long)knobs.Steady.TotalMilliseconds));
        var rates = NodeRates.Parse(node.Name, await MeasureOutput.LastAsync(process, cancellation));
        process.Log.Delete();
        return rates;
    }

    static async Task<NodeLink> LinkAsync(LocalNode from, LocalNode to, string transport, IReadOnlyList<ByteSize> messages, CancellationToken cancellation)
    {
        await using var source = from.StartTool("measure", "source", "--transport", transport);
        var address = MeasureOutput.Source(await MeasureOutput.FirstAsync(source, cancellation));
        await using var link = to.StartTool("measure", "link", "--transport", transport, "--from", address, "--bytes", string.Join(',', messages.Select(message => Text(message.Bytes))));
        var times = await MeasureOutput.LastAsync(link, cancellation);
        await source.DisposeAsync();
        var measured = NodeLink.Parse(from.Name, to.Name, times, await MeasureOutput.LastAsync(source, cancellation));
        source.Log.Delete();
        link.Log.Delete();
        return measured;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
