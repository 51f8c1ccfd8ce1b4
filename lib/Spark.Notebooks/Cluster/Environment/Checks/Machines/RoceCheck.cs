namespace Spark.Notebooks;

/// <summary>Whether the RDMA ports that UCX is to use are there, up, and have an address.</summary>
internal sealed class RoceCheck : IMachineCheck
{
    public string Name => "RoCE";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        const string look = "See rdma link show and ibdev2netdev there, and rdmaDevices in the cluster's file.";
        if (machine.RdmaPorts.Count == 0)
            return Finding.Warn("no RDMA device", "NIXL falls back to TCP, which is slower and takes the processor. On a Spark: is the ConnectX-7 driver (mlx5_ib) loaded?");
        if (machine.UnknownPorts is [_, ..] unknown)
            return Finding.Fail($"no {string.Join(", ", unknown)}; there are {string.Join(", ", machine.RdmaPorts.Select(port => port.Name))}", look);
        if (machine.UsedPorts is not [_, ..] used)
            return Finding.Warn($"none belongs to {machine.FabricInterface}", look);
        var found = string.Join("; ", used.Select(port => $"{port.Name} {port.State}, {port.Rate}, {(port.Gids.Count == 0 ? "no RoCE v2 GID" : string.Join(", ", port.Gids.Select(gid => $"GID {gid.Index} {gid.Address}")))}"));
        return used.Any(port => !port.IsActive) ? Finding.Fail(found, $"A port is not up: is the cable in, and its interface up (ip link)? {look}")
            : used.Any(port => port.Gids.All(gid => gid.Address.IsIPv6LinkLocal)) ? Finding.Warn(found, "A port's interface has no IP address: each half of a port needs one in a subnet of its own.")
            : Finding.Pass(found);
    }
}
