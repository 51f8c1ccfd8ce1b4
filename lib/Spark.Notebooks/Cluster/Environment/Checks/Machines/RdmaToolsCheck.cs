namespace Spark.Notebooks;

/// <summary>What the link can be measured with.</summary>
internal sealed class RdmaToolsCheck : IMachineCheck
{
    static readonly string[] Meters = ["ib_write_bw", "ucx_perftest"];

    public string Name => "RDMA tools";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs) => Meters.Except(machine.Tools).ToList() switch
    {
        [] => Finding.Pass(string.Join(", ", Meters)),
        var missing => Finding.NotApplicable($"not installed: {string.Join(", ", missing)} (packages perftest and ucx-utils), so RDMA cannot be measured by itself"),
    };
}
