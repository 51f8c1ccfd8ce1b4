namespace Spark.Notebooks;

internal sealed class OperatingSystemCheck : IEnvironmentCheck
{
    public string Name => "operating system";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Machine.Os.Contains("Darwin", StringComparison.Ordinal)
        ? Finding.Warn(node.Machine.Os, "macOS cannot pin processes to cores: read comparisons between nodes with care, or use Linux or Windows.")
        : Finding.Pass(node.Machine.Os);
}
