namespace Spark.Notebooks;

/// <summary>Tries whether NixlConnector works, which reports of it on a GB10 disagree about.</summary>
public static class ClusterPreflight
{
    /// <summary>Starts one engine with NixlConnector on a machine, the first if none is named, under a cap of memory, ends it, and says how it went; the cluster must be idle for it.</summary>
    /// <exception cref="InvalidOperationException">An engine of this cluster is at work.</exception>
    /// <exception cref="NodeConnectionException">The machine cannot be reached.</exception>
    public static async Task<PreflightVerdict> PreflightAsync(this Cluster cluster, PreflightKnobs? knobs = null, string? node = null, CancellationToken cancellation = default)
    {
        if (cluster.Machines.Count == 0)
            return PreflightVerdict.OnSparkOnly(cluster.Name);
        var machine = cluster.Machines.FirstOrDefault(machine => node is null || machine.Name == node)
            ?? throw new ArgumentException($"{cluster.Name} has no machine {node}; it has {string.Join(", ", cluster.Machines.Select(machine => machine.Name))}.", nameof(node));
        return await cluster.WhileIdleAsync(() => Preflight.RunAsync(machine, cluster.Model, knobs ?? new(), machine.MemoryAvailableAsync, cancellation), cancellation);
    }
}
