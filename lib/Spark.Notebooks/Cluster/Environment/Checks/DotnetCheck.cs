namespace Spark.Notebooks;

internal sealed class DotnetCheck : IEnvironmentCheck
{
    const int Needed = 10;

    public string Name => ".NET";

    public Finding Judge(NodeReadings node, EnvironmentKnobs knobs) => node.Dotnet switch
    {
        null => Finding.NotAvailable,
        { Major: >= Needed } version => Finding.Pass($"{version}"),
        var version => Finding.Fail($"{version}", $"Install the .NET {Needed} SDK: https://dotnet.microsoft.com/download"),
    };
}
