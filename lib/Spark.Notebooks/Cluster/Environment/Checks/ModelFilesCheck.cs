namespace Spark.Notebooks;

internal sealed class ModelFilesCheck : IEnvironmentCheck
{
    public string Name => "model files";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Model switch
    {
        null => Finding.NotAvailable,
        { Problems: [] } model => Finding.Pass($"{Path.GetFileName(model.Path)}: {model.Tensors} tensors, {model.Weights}, as their headers say"),
        var model => Finding.Fail($"{Path.GetFileName(model.Path)}: {string.Join("; ", model.Problems)}", $"Get the files again: {model.Path} should hold a whole Hugging Face model (git checkout brings back the shipped one)."),
    };
}
