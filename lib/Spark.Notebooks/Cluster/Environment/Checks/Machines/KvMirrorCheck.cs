namespace Spark.Notebooks;

/// <summary>With kv_buffer_device cpu NixlConnector keeps a copy of the whole KV cache in host memory, which on unified memory comes out of the same pool.</summary>
internal sealed class KvMirrorCheck : IMachineCheck
{
    public string Name => "KV mirror";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs)
    {
        if (machine.KvBufferDevice != "cpu")
            return Finding.NotApplicable($"kvBufferDevice is {machine.KvBufferDevice}: KV blocks are not copied to host memory");
        if (DeviceMemory.Of(node, machine) is not { } memory || node.MemoryFree is not { } free)
            return Finding.NotAvailable;
        var share = knobs.GpuMemoryUtilization * memory.Total;
        var kv = share - machine.Model.Weights;
        if (kv.Bytes <= 0)
            return Finding.NotApplicable($"{machine.Model.Weights} of weights leave nothing of {share} for KV");
        var needed = memory.IsUnified ? share + kv : kv;
        var found = FormattableString.Invariant($"KV is paid twice: {knobs.GpuMemoryUtilization} × {memory.Total} − {machine.Model.Weights} of weights = {kv}, and as much again; {needed} of {free} free");
        return needed <= free ? Finding.Pass(found) : Finding.Fail(found, "Lower GpuMemoryUtilization, or set kvBufferDevice to cuda in the cluster's file.");
    }
}
