using Fixture.Palette;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Fixture.Charts;

/// <summary>Shown by formatters that the library registers when it is told to.</summary>
public sealed record Chart(string Title)
{
    public static void Register()
    {
        Formatter.Register<Chart>((chart, writer) => writer.Write($$"""{ "data": [], "layout": { "title": "{{chart.Title}}" } }"""), "application/vnd.plotly.v1+json");
        Formatter.Register<Chart>((chart, writer) => writer.Write($"<div class=\"chart {Colors.Accent}\">{chart.Title}</div>"), "text/html");
        Formatter.Register<Chart>((chart, writer) => writer.Write($"chart: {chart.Title}"), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(Chart), "application/vnd.plotly.v1+json", "text/html", "text/plain");
    }

    public static IHtmlContent Banner() => new HtmlString("<em>banner</em>");

    public static void Draw() => throw new InvalidOperationException("cannot draw", new TimeoutException("the printer did not answer"));
}
