using Microsoft.DotNet.Interactive.Formatting;

namespace Fixture.Charts;

/// <summary>Shown by a formatter that it names itself: nothing is registered.</summary>
[TypeFormatterSource(typeof(GaugeFormatters), PreferredMimeTypes = ["text/html"])]
public sealed record Gauge(int Percent);

public sealed class GaugeFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() => [new HtmlFormatter<Gauge>((gauge, context) => context.Writer.Write($"<meter value=\"{gauge.Percent}\" max=\"100\"></meter>"))];
}
