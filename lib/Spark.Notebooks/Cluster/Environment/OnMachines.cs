namespace Spark.Notebooks;

/// <summary>A row that a process on this machine has nothing to show for.</summary>
/// <param name="asks">What it looks at.</param>
internal sealed class OnMachines(IMachineCheck check, string asks) : IEnvironmentCheck
{
    public string Name => check.Name;

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) =>
        node.Remote is { } machine ? check.Judge(node, machine, knobs) : Finding.NotApplicable($"on spark only: {asks}");
}
