namespace Spark.Notebooks;

internal sealed class SimdCheck : IEnvironmentCheck
{
    const int Wide = 256;

    public string Name => "vectors";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Machine.SimdBits switch
    {
        >= Wide => Finding.Pass($"{node.Machine.SimdBits} bit"),
        > 0 => Finding.Warn($"{node.Machine.SimdBits} bit", "Nothing to mend: prefill is slower here than on a processor with AVX2 or wider, and all comparisons hold."),
        _ => Finding.Fail("none", "The .NET runtime uses no vector instructions: unset DOTNET_EnableHWIntrinsic, or use another processor."),
    };
}
