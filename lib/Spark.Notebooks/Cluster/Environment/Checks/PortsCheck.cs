namespace Spark.Notebooks;

internal sealed class PortsCheck : IEnvironmentCheck
{
    public string Name => "ports";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.FreePort is { } port
        ? Finding.Pass($"{node.Ports}, {port} is free")
        : Finding.Fail($"{node.Ports}: none is free", "Stop the program that listens there, or give the node \"ports\": \"auto\" in the cluster's file under data/clusters.");
}
