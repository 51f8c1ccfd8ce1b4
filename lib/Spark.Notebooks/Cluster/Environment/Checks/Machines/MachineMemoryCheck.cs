namespace Spark.Notebooks;

/// <summary>Whether vLLM will find the share of memory free that it takes at its start.</summary>
internal sealed class MachineMemoryCheck : IMachineCheck
{
    public string Name => "memory";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (DeviceMemory.Of(node, machine) is not { } memory)
            return Finding.NotAvailable;
        var needed = knobs.GpuMemoryUtilization * memory.Total;
        var found = FormattableString.Invariant($"{memory.Free} free of {memory.Total}{(machine.SwapUsed is { Bytes: > 0 } swapped ? $", {swapped} swapped out" : "")}; vLLM asks for {knobs.GpuMemoryUtilization} of it, {needed}");
        return memory.Free >= needed ? Finding.Pass(found) : Finding.Fail(found,
            "vLLM would end with: Free memory on device is less than desired GPU memory utilization. Stop other programs there, drop caches (sudo sh -c 'sync; echo 3 > /proc/sys/vm/drop_caches'), or lower GpuMemoryUtilization.");
    }
}
