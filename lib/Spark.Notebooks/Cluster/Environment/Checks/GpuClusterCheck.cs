namespace Spark.Notebooks;

/// <summary>A row for nodes with a GPU, which a process on this machine has not.</summary>
internal sealed class GpuClusterCheck(string name, string asks) : IEnvironmentCheck
{
    public string Name => name;

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => Finding.NotApplicable($"on spark only: {asks}");
}
