namespace Spark.Notebooks;

internal sealed class ProcessorCheck : IEnvironmentCheck
{
    public string Name => "processor";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => Finding.Pass($"{node.Machine.Cpu}, {Figures.Count(node.Machine.LogicalCores, "logical core")}");
}
