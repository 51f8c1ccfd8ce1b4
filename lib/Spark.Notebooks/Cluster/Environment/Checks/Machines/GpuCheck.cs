namespace Spark.Notebooks;

/// <summary>Which GPU there is; on a GB10 its memory is the machine's, which nvidia-smi does not tell.</summary>
internal sealed class GpuCheck : IMachineCheck
{
    public string Name => "GPU";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs) => machine.Gpus switch
    {
        [] => Finding.Fail("nvidia-smi lists none", "vLLM needs the GPU: install NVIDIA's driver, and see that nvidia-smi runs there for this user without a password."),
        [{ MemoryTotal: null } gpu] => Finding.Pass($"{gpu.Name}, its memory is the machine's"),
        [{ MemoryTotal: { } memory } gpu] => Finding.Pass($"{gpu.Name}, {memory}"),
        var gpus => Finding.Pass($"{string.Join(", ", gpus.Select(gpu => gpu.Name))}: the course uses the first"),
    };
}
