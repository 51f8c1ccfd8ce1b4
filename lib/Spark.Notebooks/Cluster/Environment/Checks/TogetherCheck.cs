namespace Spark.Notebooks;

/// <summary>Whether nodes that work at the same time take from one another.</summary>
internal sealed class TogetherCheck : IEnvironmentCheck
{
    public string Name => "all nodes at once (measured)";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node is not { Alone: { } alone, Together: { } together })
            return Finding.NotMeasured;
        var contention = new Contention([alone], [together]);
        var (flop, reads) = (contention.KeptFlop(alone.Node), contention.KeptReads(alone.Node));
        var found = $"keeps {flop:0 %} of its FLOP/s, {reads:0 %} of its reads";
        return contention.IsDisturbed ? Finding.Warn($"cannot be told: {found}", "Other programs were at work while this was measured: close them, and run this again.")
            : flop < knobs.KeptSpeed ? Finding.Warn(found, "Nodes share a physical core, or other programs are at work: give each node a core of its own, close other programs, and run this again.")
            : reads < knobs.KeptSpeed ? Finding.Warn(found, "Nodes share the memory's bandwidth: two of them decode less than twice as fast as one. Nothing to mend; modules 03 and 04 show it.")
            : Finding.Pass(found);
    }
}
