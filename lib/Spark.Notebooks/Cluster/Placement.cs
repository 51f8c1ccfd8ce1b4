namespace Spark.Notebooks;

/// <summary>Gives the nodes of a cluster file their cores on this machine, and a deployment's engines their nodes.</summary>
internal static class Placement
{
    /// <summary>
    /// Node i gets the i-th of the <paramref name="cores"/> that this process may use, modulo their number; none where processes cannot be pinned. Physical cores that are left
    /// take what of the nodes does not compute, as the servers of GPUs run beside them; where none is left, each node does that on its own.
    /// </summary>
    public static (IReadOnlyList<LocalNode> Nodes, IReadOnlyList<string> Warnings) OnThisMachine(IReadOnlyList<NodeSettings> nodes, int[] cores, EngineExecutable engine, Func<int, string?>? siblings = null)
    {
        if (cores.Length == 0)
            return ([.. nodes.Select(node => new LocalNode(node, null, engine))],
                ["This system does not pin processes to cores: nodes may take time from one another, so read comparisons between them with care."]);

        LocalNode[] placed = [.. nodes.Select((node, i) => new LocalNode(node, cores[i % cores.Length], engine))];
        var computing = placed.SelectMany(node => CoreTopology.WithSiblings(node.Cores!, siblings));
        int[] left = OperatingSystem.IsLinux() ? [.. cores.Except(computing)] : [];
        return ([.. placed.Select(node => node.Beside(left))], [.. Overlaps(placed)]);
    }

    /// <summary>A node for every engine; where there are more engines than nodes, several share one under names of their own, and the warning says so.</summary>
    public static (IReadOnlyList<INode> Nodes, string? Warning) ForEngines(IReadOnlyList<INode> nodes, int engines)
    {
        INode[] placed = [.. Enumerable.Range(0, engines).Select(i => i < nodes.Count ? nodes[i] : nodes[i % nodes.Count].Twin($"{nodes[i % nodes.Count].Name}.{(i / nodes.Count) + 1}"))];
        return (placed, engines <= nodes.Count ? null :
            $"{engines} engines share {nodes.Count} nodes: those on one node take time from one another, so this shows how a topology works, not how fast it is.");
    }

    /// <exception cref="ArgumentException">The engines that would be on one node ask for more than its memory.</exception>
    public static void RequireMemory(IReadOnlyList<INode> nodes, IEnumerable<(Topology Topology, Knobs Knobs)> deployments)
    {
        var shares = deployments.SelectMany(deployment => deployment.Topology.Roles.Select((_, i) => (Node: nodes[i % nodes.Count], deployment.Knobs.GpuMemoryUtilization)));
        foreach (var engines in shares.GroupBy(engine => engine.Node, engine => engine.GpuMemoryUtilization))
        {
            if (engines.Sum() > 1 + 1e-9)
                throw new ArgumentException(FormattableString.Invariant(
                    $"{engines.Key.Name} would hold {engines.Count()} engines that take {string.Join(" + ", engines)} of its memory, more than all of it: lower GpuMemoryUtilization, or serve fewer topologies at once."));
        }
    }

    static IEnumerable<string> Overlaps(LocalNode[] nodes) =>
        from first in Enumerable.Range(0, nodes.Length)
        from second in Enumerable.Range(first + 1, nodes.Length - first - 1)
        let shared = CpuList.Parse(nodes[first].Cores!).Intersect(CpuList.Parse(nodes[second].Cores!)).ToArray()
        where shared.Length > 0
        select $"{nodes[first].Name} and {nodes[second].Name} share core {string.Join(", ", shared)}: together they are no faster than one, and comparisons between topologies mean little.";
}
