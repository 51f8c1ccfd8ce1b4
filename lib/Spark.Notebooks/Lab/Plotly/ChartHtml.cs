using System.Net;

namespace Spark.Notebooks;

/// <summary>A chart as HTML: a caption that tells its numbers in any viewer, and a figure that plotly.js draws in the page's own ink.</summary>
internal static class ChartHtml
{
    public static string Of(Chart chart)
    {
        var id = $"chart-{Guid.NewGuid():N}";
        var height = (int)chart.Figure["layout"]!["height"]! - chart.HeadingHeight;
        return $$"""
            <figure style="margin:.6em 0">
            <figcaption style="line-height:1.35;padding-left:10px"><b style="font-size:1.1em">{{Escape(chart.Title)}}</b><br>{{Escape(ChartHeading.Sentence(chart))}}<br><small style="opacity:.75">{{Escape(chart.Provenance.Text)}}</small></figcaption>
            <div id="{{id}}" role="img" aria-label="{{Escape(chart.ToText())}}" style="min-height:{{height}}px"></div>
            <noscript>The figure needs JavaScript; its main numbers stand above.</noscript>
            </figure>
            <script>(function () {
              const figure = {{chart.ToPlotlyJson()}};
              const deadline = Date.now() + 60000;
              delete figure.layout.title;
              figure.layout.height -= {{chart.HeadingHeight}};
              figure.layout.margin.t -= {{chart.HeadingHeight}};
              function draw() {
                const place = document.getElementById("{{id}}");
                if (!place) return;
                if (!window.Plotly) { if (Date.now() < deadline) setTimeout(draw, 50); return; }
                const ink = () => getComputedStyle(place).color;
                figure.layout.font.color = ink();
                Plotly.newPlot(place, figure.data, figure.layout, figure.config);
                matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => Plotly.relayout(place, { "font.color": ink() }));
              }
              draw();
            })();</script>
            """;
    }

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
