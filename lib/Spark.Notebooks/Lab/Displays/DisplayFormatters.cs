using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>What the host asks for when a cell's value is a <see cref="Display"/>.</summary>
public sealed class DisplayFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new TextFormatter<Display>(Mime.Html, display => display.ToHtml()),
        new TextFormatter<Display>(Mime.Text, display => display.ToText()),
    ];
}
