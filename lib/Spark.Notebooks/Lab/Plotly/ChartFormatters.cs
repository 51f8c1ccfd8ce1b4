using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>What the host asks for when a cell's value is a <see cref="Chart"/>.</summary>
public sealed class ChartFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new TextFormatter<Chart>(Mime.Plotly, chart => chart.ToPlotlyJson()),
        new TextFormatter<Chart>(Mime.Html, chart => chart.ToHtml()),
        new TextFormatter<Chart>(Mime.Text, chart => chart.ToText()),
    ];
}
