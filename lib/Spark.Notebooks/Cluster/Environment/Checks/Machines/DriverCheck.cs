namespace Spark.Notebooks;

/// <summary>Whether all machines have the same driver.</summary>
internal sealed class DriverCheck : IMachineCheck
{
    public string Name => "GPU driver";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (Driver(machine) is not { } driver)
            return Finding.NotApplicable("no GPU is listed");
        return machine.Unlike(Driver) is { } unlike ? Finding.Warn($"{driver}; {unlike}", "Bring all machines to the same driver: figures of unlike drivers are not comparable.") : Finding.Pass(driver);
    }

    static string? Driver(MachineReadings machine) => machine.Gpus is [var gpu, ..] ? gpu.Driver : null;
}
