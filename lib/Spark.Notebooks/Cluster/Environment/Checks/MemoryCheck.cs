namespace Spark.Notebooks;

internal sealed class MemoryCheck : IEnvironmentCheck
{
    const string Fix = "Lower deviceMemory of the nodes in the cluster's file under data/clusters";

    public string Name => "memory";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.MemoryTotal is not { } total || node.MemoryFree is not { } free)
            return Finding.NotAvailable;
        var found = $"{free} free of {total}; the nodes declare {node.DeclaredMemory}";
        return node.DeclaredMemory > total ? Finding.Fail(found, $"{Fix}: this machine does not have what they declare.")
            : node.DeclaredMemory > free ? Finding.Warn(found, $"Close other programs. {Fix} if that is not enough.")
            : Finding.Pass(found);
    }
}
