namespace Spark.Notebooks;

/// <summary>A row that asks one thing of a process on this machine, and another of a machine over SSH.</summary>
internal sealed class OnBoth(IEnvironmentCheck local, IMachineCheck machine) : IEnvironmentCheck
{
    public string Name => local.Name;

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Remote is { } remote ? machine.Judge(node, remote, knobs) : local.Judge(node, knobs);
}
