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
        foreach (var node in cluster.Nodes)
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
                foreach (var node in cluster.Nodes)
                    alone.AddRange(await RatesAsync([node], knobs ?? new(), cancellation));
                return new Contention(alone, await RatesAsync(cluster.Nodes, knobs ?? new(), cancellation));
            },
            cancellation);

    /// <summary>Pulls from the first node to the second over a transport of theirs; on a cluster of one node from that node to itself. <c>auto</c> is the fastest that can be measured.</summary>
    /// <exception cref="ArgumentException">The nodes have no such transport.</exception>
    /// <exception cref="InvalidOperationException">An engine is at work, or the measurement failed.</exception>
    public static Task<NodeLink> MeasureLinkAsync(this Cluster cluster, string transport, IReadOnlyList<ByteSize>? messages = null, CancellationToken cancellation = default) =>
        cluster.WhileIdleAsync(
            async () =>
            {
                var (from, to) = (cluster.Nodes[0], cluster.Nodes[^1]);
                foreach (var candidate in transport == "auto" ? from.Transports.SkipLast(1) : [])
                {
                    try
                    {
                        return await LinkAsync(from, to, candidate, messages ?? new EnvironmentKnobs().Messages, cancellation);
                    }
                    catch (InvalidOperationException error)
                    {
                        Console.WriteLine($"{candidate} between {from.Name} and {to.Name} cannot be measured: {error.Message}");
                    }
                }
                return await LinkAsync(from, to, transport == "auto" ? from.Transports[^1] : from.Resolve(transport), messages ?? new EnvironmentKnobs().Messages, cancellation);
            },
            cancellation);

    /// <summary>The two ceilings of one node, in a process that takes its cores, or its GPU, for some seconds.</summary>
    internal static async Task<NodeCeilings> CeilingsAsync(INode node, IReadOnlyList<long> bufferBytes, CancellationToken cancellation)
    {
        await using var process = await node.StartToolAsync(["measure", .. bufferBytes.Count == 0 ? [] : (string[])["--bytes", string.Join(',', bufferBytes)]], cancellation);
        var ceilings = NodeCeilings.Parse(node.Name, await MeasureOutput.LastAsync(process, cancellation));
        process.Log.Delete();
        return ceilings;
    }

    static async Task<IReadOnlyList<NodeRates>> RatesAsync(IReadOnlyList<INode> nodes, EnvironmentKnobs knobs, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Programs take their time to start, on a busy machine more of it.
            var start = DateTimeOffset.UtcNow + (nodes.Max(node => node.ToolStart) * attempt);
            var rates = await Task.WhenAll(nodes.Select(node => RatesAsync(node, knobs, start, cancellation)));
            if (attempt == Attempts || rates.All(rate => rate.Late < Overlap))
                return rates;
        }
    }

    static async Task<NodeRates> RatesAsync(INode node, EnvironmentKnobs knobs, DateTimeOffset start, CancellationToken cancellation)
    {
        await using var process = await node.StartToolAsync(["measure", "steady", "--bytes", Text(knobs.ReadBuffer.Bytes), "--at", Text(start.ToUnixTimeMilliseconds()), "--for", Text((long)knobs.Steady.TotalMilliseconds)], cancellation);
        var rates = NodeRates.Parse(node.Name, await MeasureOutput.LastAsync(process, cancellation));
        process.Log.Delete();
        return rates;
    }

    static async Task<NodeLink> LinkAsync(INode from, INode to, string transport, IReadOnlyList<ByteSize> messages, CancellationToken cancellation)
    {
        await using var source = await from.StartToolAsync(["measure", "source", "--transport", transport, "--host", from.FabricAddress], cancellation);
        var address = MeasureOutput.Source(await MeasureOutput.FirstAsync(source, cancellation));
        await using var link = await to.StartToolAsync(["measure", "link", "--transport", transport, "--from", address, "--bytes", string.Join(',', messages.Select(message => Text(message.Bytes)))], cancellation);
        var times = await MeasureOutput.LastAsync(link, cancellation);
        await source.DisposeAsync();
        var measured = NodeLink.Parse(from.Name, to.Name, times, await MeasureOutput.LastAsync(source, cancellation));
        source.Log.Delete();
        link.Log.Delete();
        return measured;
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
