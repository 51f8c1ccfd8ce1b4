namespace Spark.Notebooks;

/// <summary>Whether vLLM answers, is new enough, and is the same on all machines: engines compare their versions before they exchange KV blocks.</summary>
internal sealed class VllmCheck : IMachineCheck
{
    public string Name => "vLLM";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs) => machine switch
    {
        { Vllm: null } => Finding.Fail("no usable version", machine.VllmProblem),
        { Vllm: { } version } when machine.Unlike(other => $"{other.Vllm}") is { } unlike => Finding.Fail($"{version}; {unlike}", "Install the same vLLM on all machines: engines of unlike versions refuse each other's KV blocks."),
        { Vllm: { } version } => Finding.Pass($"{version}"),
    };
}
