namespace Spark.Notebooks;

/// <summary>Whether NIXL is installed, once and for one CUDA, and the same on all machines.</summary>
internal sealed class NixlCheck : IMachineCheck
{
    const string Cuda12 = "nixl_cu12", Cuda13 = "nixl_cu13";

    public string Name => "NIXL";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (machine.Nixl is not { } found)
            return Finding.Fail("not in the Python environment", "Module 04 moves KV blocks with it. Install it for the CUDA that torch has: pip install --no-deps nixl nixl-cu13. Modules 01 and 03 run without.");
        return machine.Packages.ContainsKey(Cuda12) && machine.Packages.ContainsKey(Cuda13)
            ? Finding.Warn(found, $"Builds for two CUDA versions side by side have been reported to crash: pip uninstall the one that torch does not have, {Cuda12} or {Cuda13}.")
            : machine.Unlike(other => other.Nixl) is { } unlike ? Finding.Fail($"{found}; {unlike}", "Install the same NIXL on all machines.") : Finding.Pass(found);
    }
}
