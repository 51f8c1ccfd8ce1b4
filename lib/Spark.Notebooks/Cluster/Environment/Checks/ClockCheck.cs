namespace Spark.Notebooks;

internal sealed class ClockCheck : IEnvironmentCheck
{
    const double CoarseNanoseconds = 10_000;

    public string Name => "clock";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        if (node.ClockStepNanoseconds is not { } step)
            return Finding.NotAvailable;
        var found = $"steps of {Figures.Show(step, "ns")}{(node.ClockSource is null ? "" : $" ({node.ClockSource})")}";
        return step <= CoarseNanoseconds ? Finding.Pass(found) : Finding.Warn(found, "Single short latencies are not to be trusted here; medians of many are.");
    }
}
