using System.Net;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>What the fields of a cluster file must be, beyond their types.</summary>
internal static partial class ClusterRules
{
    /// <exception cref="FormatException">A field is wrong; the message begins with its path.</exception>
    public static void Validate(ClusterFile file)
    {
        Require("nodes", file.Nodes.Count > 0 != file.Machines.Count > 0, "a cluster has at least one node, or else at least one of machines.");
        Require("seat", file.Seat is >= 0 and <= 9, $"{file.Seat} must be 0 to 9.");
        Require("watchdogSeconds", file.WatchdogSeconds is >= 3 and <= 3600, $"{file.WatchdogSeconds} must be 3 to 3600.");
        Require("vllm.startMinutes", file.Vllm.StartMinutes > 0, "must be over 0.");
        Require("vllm.kvBufferDevice", file.Vllm.KvBufferDevice is "cuda" or "cpu", $"'{file.Vllm.KvBufferDevice}' must be cuda or cpu.");
        foreach (var (name, _) in file.Vllm.Environment)
        {
            Require($"vllm.environment.{name}", VariableName().IsMatch(name), "is no name of a variable.");
            Require($"vllm.environment.{name}", !Secret().IsMatch(name), $"secrets do not belong in this file. Set {name} where the notebook runs, or in {NodeSecrets.File} with mode 600.");
        }
        for (var i = 0; i < file.Nodes.Count; i++)
            Validate(file.Nodes, file.Nodes[i], $"nodes[{i}]");
        for (var i = 0; i < file.Machines.Count; i++)
            Validate(file.Machines, file.Machines[i], $"machines[{i}]", file.Seat);
    }

    static void Validate(IReadOnlyList<NodeSettings> nodes, NodeSettings node, string path)
    {
        RequireName(path, node.Name, nodes.Select(other => other.Name));
        Require($"{path}.deviceMemory", MemorySize().IsMatch(node.DeviceMemory), $"'{node.DeviceMemory}' is not a size such as 768MiB or 2GiB.");
        Try($"{path}.cores", () => node.Cores == "auto" ? [] : CpuList.Parse(node.Cores));
        Try($"{path}.ports", () => PortRange.Parse(node.Ports));
    }

    static void Validate(IReadOnlyList<MachineSettings> machines, MachineSettings machine, string path, int seat)
    {
        RequireName(path, machine.Name, machines.Select(other => other.Name));
        Require($"{path}.host", Host().IsMatch(machine.Host), $"'{machine.Host}' is no address, name or alias.");
        Require($"{path}.port", machine.Port is null or (> 0 and < 65536), $"{machine.Port} is no port.");
        Require($"{path}.user", machine.User is null || User().IsMatch(machine.User), $"'{machine.User}' is no user's name.");
        Require($"{path}.hostKey", machine.HostKey is null || HostKey().IsMatch(machine.HostKey), $"'{machine.HostKey}' is no fingerprint such as ssh-keygen -lf prints: SHA256: and 43 characters.");
        Require($"{path}.fabricAddress", IPAddress.TryParse(machine.FabricAddress, out _), $"'{machine.FabricAddress}' is no IP address.");
        Require($"{path}.deviceMemory", machine.DeviceMemory is null || MemorySize().IsMatch(machine.DeviceMemory), $"'{machine.DeviceMemory}' is not a size such as 119GiB.");
        Require($"{path}.serveAddress", machine.ServeAddress is null || IPAddress.TryParse(machine.ServeAddress, out _), $"'{machine.ServeAddress}' is no IP address.");
        Require($"{path}.fabricInterface", Interface().IsMatch(machine.FabricInterface), $"'{machine.FabricInterface}' is no name of a network interface.");
        Try($"{path}.ports", () => PortRange.Parse(machine.Ports).ForSeat(seat));
    }

    static void RequireName(string path, string name, IEnumerable<string> all)
    {
        Require($"{path}.name", NodeName().IsMatch(name), $"'{name}' must be letters, digits and dashes.");
        Require($"{path}.name", all.Count(other => other == name) == 1, $"'{name}' is there twice.");
    }

    static void Require(string field, bool holds, string otherwise)
    {
        if (!holds)
            throw new FormatException($"{field}: {otherwise}");
    }

    static void Try<T>(string field, Func<T> parse)
    {
        try
        {
            parse();
        }
        catch (FormatException error)
        {
            throw new FormatException($"{field}: {error.Message}", error);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]*$")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?(KiB|MiB|GiB)$")]
    private static partial Regex MemorySize();

    // None may begin with a dash: ssh -G takes that for an option.
    [GeneratedRegex("^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$")]
    private static partial Regex Host();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*$")]
    private static partial Regex User();

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}=?$")]
    private static partial Regex HostKey();

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,15}$")]
    private static partial Regex Interface();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();

    [GeneratedRegex("TOKEN|API_?KEY|SECRET|PASSW", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
