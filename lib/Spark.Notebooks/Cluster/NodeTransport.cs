namespace Spark.Notebooks;

/// <summary>Which way bytes take between nodes.</summary>
internal static class NodeTransport
{
    /// <summary>What <see cref="Knobs.Transport"/> means for this node.</summary>
    /// <exception cref="ArgumentException">The node has no such transport.</exception>
    public static string Resolve(this INode node, string transport) =>
        transport == "auto" ? node.Transports[0]
        : node.Transports.Contains(transport) ? transport
        : throw new ArgumentException($"Transport is {transport}, which {node.Name} does not have: use auto, {string.Join(" or ", node.Transports)}.", nameof(transport));
}
