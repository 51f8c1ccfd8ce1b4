namespace Spark.Notebooks;

/// <summary>Whether the interface that KV blocks pass over is up and has the address that the cluster's file says.</summary>
internal sealed class FabricCheck : IMachineCheck
{
    public string Name => "fabric address";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        var found = $"{machine.FabricInterface} {machine.InterfaceState}, {(machine.InterfaceAddresses.Count == 0 ? "no address told" : string.Join(", ", machine.InterfaceAddresses))}";
        return machine.InterfaceMtu is null ? Finding.Fail($"there is no {machine.FabricInterface}", "fabricInterface in the cluster's file is not an interface of this machine: see ip -br addr there.")
            : machine.InterfaceState == "down" ? Finding.Fail(found, $"Is the cable in? Then: sudo ip link set {machine.FabricInterface} up")
            : machine.InterfaceAddresses.Contains(machine.FabricAddress) ? Finding.Pass(found)
            : machine.InterfaceAddresses.Count == 0 ? Finding.Warn(found, $"See ip -br addr there: if it has not {machine.FabricAddress}, give it that address with netplan.")
            : Finding.Fail(found, $"It has not {machine.FabricAddress}: give it that address with netplan, or set fabricAddress in the cluster's file to the one that it has.");
    }
}
