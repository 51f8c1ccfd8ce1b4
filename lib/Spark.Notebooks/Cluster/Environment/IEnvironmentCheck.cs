namespace Spark.Notebooks;

/// <summary>One row of the environment report: judges what was read of a node.</summary>
internal interface IEnvironmentCheck
{
    string Name { get; }

    Finding Judge(NodeReadings node, EnvironmentKnobs knobs);
}
