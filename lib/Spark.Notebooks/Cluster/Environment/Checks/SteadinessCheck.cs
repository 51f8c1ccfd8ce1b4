namespace Spark.Notebooks;

/// <summary>How much a node's speed varies while nothing of the course works beside it: the noise that all later figures carry.</summary>
internal sealed class SteadinessCheck : IEnvironmentCheck
{
    public string Name => "steadiness (measured)";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.Alone is not { } alone)
            return Finding.NotMeasured;
        var found = $"computing ± {alone.FlopSpread / 2:0 %}, reading ± {alone.ReadSpread / 2:0 %}";
        return alone.IsSteady ? Finding.Pass(found) : Finding.Warn(found, "Other programs take turns on this core: close them, or read the spread of later figures before their medians.");
    }
}
