namespace Spark.Notebooks;

/// <summary>Whether all machines have the same UCX beneath NIXL.</summary>
internal sealed class UcxCheck : IMachineCheck
{
    const string Fix = "Install the same UCX on all machines, and the NIXL that was built with it.";

    public string Name => "UCX";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        var unlike = machine.Unlike(Found);
        return Found(machine) is not { } found
            ? unlike is null ? Finding.NotApplicable("no ucx_info: NIXL's wheel brings its own UCX, the same where NIXL is") : Finding.Warn($"no ucx_info; {unlike}", Fix)
            : unlike is null ? Finding.Pass(found) : Finding.Warn($"{found}; {unlike}", Fix);
    }

    static string? Found(MachineReadings machine) => machine.Ucx is { } ucx ? $"{ucx}" : machine.Packages.Where(package => package.Key.Contains("ucx", StringComparison.Ordinal)).Select(package => $"{package.Key} {package.Value}").FirstOrDefault();
}
