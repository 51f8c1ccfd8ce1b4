namespace Spark.Notebooks;

internal sealed class EngineCheck : IEnvironmentCheck
{
    public string Name => "engine";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs)
    {
        var found = $"spark-engine {node.EngineVersion?.ToString(3)}, {node.Configuration}";
        return node.EngineVersion is null ? Finding.Fail(node.EngineProblem, "Build it: dotnet build -c Release")
            : node.EngineVersion != node.LibraryVersion ? Finding.Fail($"{found}, but the notebooks' library is {node.LibraryVersion?.ToString(3)}", "Build both anew: dotnet build -c Release")
            : node.Configuration != "Release" ? Finding.Warn(found, "Build it with optimizations: dotnet build -c Release")
            : Finding.Pass(found);
    }
}
