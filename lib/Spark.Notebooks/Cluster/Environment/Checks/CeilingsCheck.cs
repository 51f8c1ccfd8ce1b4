namespace Spark.Notebooks;

/// <summary>The two ceilings of the node's core.</summary>
internal sealed class CeilingsCheck : IEnvironmentCheck
{
    public string Name => "ceilings (measured)";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.Ceilings is not { } ceilings)
            return Finding.NotMeasured;
        var found = $"{Figures.Si(ceilings.FlopPerSecond, "FLOP/s")}, reads {Figures.Si(ceilings.ReadBytesPerSecondAt(knobs.ReadBuffer.Bytes), "B/s")} over {knobs.ReadBuffer}";
        return ceilings.Pinned || node.Cores is null ? Finding.Pass(found) : Finding.Warn($"{found}; not pinned", "The system refused to pin the measurement to the node's cores: check the cores in the cluster's file.");
    }
}
