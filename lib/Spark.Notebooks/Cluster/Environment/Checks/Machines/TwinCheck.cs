namespace Spark.Notebooks;

/// <summary>A Spark's port is two RDMA devices, each behind a PCIe link of four lanes: one of them alone moves half of what the cable can.</summary>
internal sealed class TwinCheck : IMachineCheck
{
    public string Name => "PCIe halves";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (machine.UsedPorts is not [_, ..] used)
            return Finding.NotApplicable("no RDMA port is in use");
        var idle = machine.RdmaPorts.Except(used).Where(port => port.IsActive && used.Any(port.IsTwinOf)).ToList();
        var halves = Places(used);
        return Finding.Pass(idle.Count > 0 ? $"{halves}. The other half, {Places(idle)}, is up and not in use: rdmaDevices \"{string.Join(',', used.Concat(idle).Select(port => port.Name))}\" takes both"
            : used.Any(port => used.Any(port.IsTwinOf)) ? $"both in use: {halves}"
            : halves);
    }

    static string Places(IEnumerable<RdmaPort> ports) => string.Join("; ", ports.Select(port => $"{port.Name} on {port.Pci}"));
}
