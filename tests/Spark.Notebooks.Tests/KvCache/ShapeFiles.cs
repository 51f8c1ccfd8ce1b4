namespace Spark.Notebooks.Tests;

internal static class ShapeFiles
{
    public static ModelShape Tales { get; } = ModelShape.FromConfig(RepositoryRoot.Combine("data/models/tales-25m"));
    public static ModelShape M14 { get; } = ModelShape.FromConfig(RepositoryRoot.Combine("data/models/m14/config.json"));
    public static ModelShape Llama8B { get; } = ModelShape.Named("Llama-3.1-8B");
}
