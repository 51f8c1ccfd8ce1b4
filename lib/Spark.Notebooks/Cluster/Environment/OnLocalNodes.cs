namespace Spark.Notebooks;

/// <summary>A row that does not apply to a machine over SSH.</summary>
/// <param name="why">Why not.</param>
internal sealed class OnLocalNodes(IEnvironmentCheck check, string why) : IEnvironmentCheck
{
    public string Name => check.Name;

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Remote is null ? check.Judge(node, knobs) : Finding.NotApplicable(why);
}
