namespace Spark.Notebooks;

/// <summary>One row of the environment report for machines over SSH: judges what was read of one of them.</summary>
internal interface IMachineCheck
{
    string Name { get; }

    Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs);
}
