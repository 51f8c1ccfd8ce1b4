namespace Spark.Notebooks;

/// <summary>Whether the machine has room for the logs of runs.</summary>
internal sealed class MachineDiskCheck : IMachineCheck
{
    public string Name => "disk";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (machine.StateDiskFree is not { } free)
            return Finding.NotAvailable;
        var found = $"{free} free for logs{(machine.ModelDiskFree is { } models ? $", {models} for models" : "")}";
        return free >= knobs.FreeDisk ? Finding.Pass(found) : Finding.Warn(found, $"Make room in the home directory there: {knobs.FreeDisk} or more should be free.");
    }
}
