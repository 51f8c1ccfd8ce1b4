namespace Spark.Notebooks;

internal sealed class PortsCheck : IEnvironmentCheck
{
    public string Name => "ports";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.FreePort is { } port
        ? Finding.Pass($"{node.Ports}, {port} is free")
        : Finding.Fail(
            $"{node.Ports}: none is free",
            $"Stop the program that listens there, or give the node other \"ports\" in the cluster's file{(node.Remote is null ? ", such as \"auto\"" : ", or take another seat")}.");
}
