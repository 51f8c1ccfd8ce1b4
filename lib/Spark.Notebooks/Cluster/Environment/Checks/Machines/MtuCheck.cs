namespace Spark.Notebooks;

/// <summary>Whether packets on the link are as large as they can be, and alike on all machines.</summary>
internal sealed class MtuCheck : IMachineCheck
{
    const int Jumbo = 9000, Roce = 4096;

    public string Name => "MTU";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (machine.InterfaceMtu is not { } mtu)
            return Finding.NotApplicable($"there is no {machine.FabricInterface}");
        var roce = RoceMtu(machine) ?? (machine.UsedPorts.Count > 0 ? "not told, since ibv_devinfo is not installed" : "none");
        var found = $"{mtu}, RoCE {roce}";
        return machine.Unlike(other => $"{other.InterfaceMtu}") is { } unlike ? Finding.Fail($"{found}; {unlike}", $"Unlike ends drop large packets: sudo ip link set {machine.FabricInterface} mtu {Jumbo} on each machine.")
            : machine.Unlike(RoceMtu) is { } unlikeRoce ? Finding.Fail($"{found}; {unlikeRoce}", "Set the same MTU of the interfaces on all machines, which their RoCE MTU follows.")
            : mtu < Jumbo || machine.UsedPorts.Any(port => port.ActiveMtu < Roce)
                ? Finding.Warn(found, $"Larger packets cost less: sudo ip link set {machine.FabricInterface} mtu {Jumbo} on each machine, which lets RoCE have {Roce}.")
                : Finding.Pass(found);
    }

    static string? RoceMtu(MachineReadings machine) => machine.UsedPorts.Select(port => port.ActiveMtu).OfType<int>().ToList() is { Count: > 0 } sizes ? string.Join(" and ", sizes.Distinct()) : null;
}
