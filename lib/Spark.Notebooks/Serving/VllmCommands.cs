namespace Spark.Notebooks;

/// <summary>The command lines by which a cluster of machines would serve, for versions of vLLM that need not be at hand.</summary>
public static class VllmCommands
{
    /// <summary>One engine for each role on the machines of the cluster's file, whose version the machines are not asked for.</summary>
    /// <exception cref="ArgumentException">The cluster has no machines.</exception>
    public static async Task<string> ShowAsync(string cluster, params IEnumerable<string> versions)
    {
        var file = await ClusterFile.FindAsync(cluster);
        if (file.Machines.Count == 0)
            throw new ArgumentException($"The nodes of {cluster} are processes of this machine: they run no vLLM.", nameof(cluster));
        return string.Join("\n\n", from version in versions.Select(VllmVersion.Parse)
                                   from role in new[] { EngineRole.Both, EngineRole.Prefill, EngineRole.Decode }
                                   select Show(file, version, role));
    }

    static string Show(ClusterFile file, VllmVersion version, EngineRole role)
    {
        var machine = file.Machines[role == EngineRole.Decode ? file.Machines.Count - 1 : 0];
        var ports = PortRange.Parse(machine.Ports).ForSeat(file.Seat);
        var command = new ServeCommand
        {
            Model = file.Model,
            ServedModelNames = [Path.GetFileName(file.Model)],
            Knobs = new(),
            Role = role,
            Port = ports.First,
            SideChannelPort = role == EngineRole.Both ? null : ports.First + 1,
        };
        return $"# vLLM {version}, {(role == EngineRole.Both ? "whole requests" : $"{role}".ToLowerInvariant())} on {machine.Name}\n{new SshNode(machine, file).Complete(command, version).ToShell($"{file.Vllm.Venv}/bin/vllm")}";
    }
}
