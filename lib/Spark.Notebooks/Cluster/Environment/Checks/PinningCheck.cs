namespace Spark.Notebooks;

internal sealed class PinningCheck : IEnvironmentCheck
{
    public string Name => "own cores";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node switch
    {
        { Cores: null } => Finding.Warn("processes are not pinned here", "Nothing to mend on this system: nodes may take time from one another, so read comparisons between them with care."),
        { CoreNeighbours.Count: > 0 } => Finding.Warn(
            $"core {node.Cores}, shared with {string.Join(", ", node.CoreNeighbours)}",
            "Give each node cores of its own in the cluster's file under data/clusters; two threads of one physical core count as one."),
        _ => Finding.Pass($"core {node.Cores}"),
    };
}
