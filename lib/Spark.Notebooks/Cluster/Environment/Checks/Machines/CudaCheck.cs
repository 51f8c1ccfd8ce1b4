namespace Spark.Notebooks;

/// <summary>Whether the driver is new enough for the CUDA that torch was built for.</summary>
internal sealed class CudaCheck : IMachineCheck
{
    const string Torch = "torch", Runtime = "nvidia_cuda_runtime";

    public string Name => "CUDA";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        var found = $"the driver supports {machine.DriverCuda ?? "none that is told"}; torch {machine.Packages.GetValueOrDefault(Torch, "is not there")}{(machine.Versions(Runtime) is { } runtime ? $", {runtime}" : "")}";
        if (!System.Version.TryParse(machine.DriverCuda, out var driver))
            return Finding.NotApplicable(found);
        return Major(machine) is { } needed && needed > driver.Major
            ? Finding.Fail(found, $"Install the driver for CUDA {needed}, or a torch built for CUDA {driver.Major}.")
            : machine.Unlike(other => other.Versions(Torch)) is { } unlike ? Finding.Warn($"{found}; {unlike}", "Install the same torch on all machines.") : Finding.Pass(found);
    }

    static long? Major(MachineReadings machine) => machine.Packages.Where(package => package.Key.StartsWith(Runtime, StringComparison.Ordinal)).Select(package => Invariant.Whole(package.Value.Split('.')[0])).Max();
}
