namespace Spark.Notebooks;

/// <summary>Whether the model is there as a whole.</summary>
internal sealed class SnapshotCheck : IMachineCheck
{
    public string Name => "model files";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs) => machine.Model switch
    {
        { Problems: [] } model => Finding.Pass($"{model.Path}: {Figures.Count(model.Shards, "file")}, {model.Weights} of tensors, as their headers say"),
        var model => Finding.Fail($"{model.Path}: {string.Join("; ", model.Problems)}", "Get it on every machine before the first lesson (hf download, with HF_TOKEN for a gated model), or copy it over the fabric with rsync. model in the cluster's file names it."),
    };
}
