using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>A Plotly figure that shows as Plotly JSON where the front end draws it, as self-contained HTML elsewhere, and as a line of text.</summary>
[TypeFormatterSource(typeof(ChartFormatters), PreferredMimeTypes = [Mime.Plotly, Mime.Html, Mime.Text])]
public sealed record Chart
{
    public required string Title { get; init; }

    /// <summary>The main numbers in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>How to read the marks, where that is not plain.</summary>
    public string Note { get; init; } = "";

    public required Provenance Provenance { get; init; }

    /// <summary>In Plotly's schema: data, layout with a heading of its own, and config.</summary>
    public required JsonObject Figure { get; init; }

    /// <summary>Pixels of the figure that its heading takes, which HTML shows as text instead.</summary>
    public required int HeadingHeight { get; init; }

    public string ToPlotlyJson() => Figure.ToJsonString();

    public string ToHtml() => PlotlyScript.NeededBy(this) + ChartHtml.Of(this);

    public string ToText() => $"{Title}: {Summary}";

    public override string ToString() => ToText();
}
