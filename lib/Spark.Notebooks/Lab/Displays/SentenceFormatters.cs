using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>What the host shows of things whose one line says enough, instead of all their properties.</summary>
public sealed class SentenceFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new TextFormatter<Deployment>(Mime.Text, deployment => $"{deployment}"),
        new TextFormatter<LoadRun>(Mime.Text, run => $"{run}"),
    ];
}
