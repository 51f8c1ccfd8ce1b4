using System.Text.Json.Nodes;

namespace Spark.Notebooks;

/// <summary>The look that all charts share: heading, legend above the plot, quiet axes, a transparent ground for light and dark pages.</summary>
internal static class ChartLayout
{
    const int LegendHeight = 34;
    const int AxisHeight = 60;
    const string Fonts = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

    /// <param name="plotHeight">Pixels of the plotting area; heading, legend and axis titles come on top.</param>
    public static Chart Chart(string title, string summary, Provenance provenance, int plotHeight, object[] traces, object layout, string note = "")
    {
        var heading = ChartHeading.Lines(title, ChartHeading.Sentence(summary, note), provenance);
        var headingHeight = ChartHeading.Height(heading);
        var common = new
        {
            height = headingHeight + LegendHeight + plotHeight + AxisHeight,
            autosize = true,
            title = ChartHeading.Layout(heading),
            font = new { family = Fonts, size = 13, color = Palette.Neutral },
            paper_bgcolor = "rgba(0,0,0,0)",
            plot_bgcolor = "rgba(0,0,0,0)",
            margin = new { l = 70, r = 30, t = headingHeight + LegendHeight, b = AxisHeight },
            legend = new { orientation = "h", x = 0, y = 1, yanchor = "bottom", xanchor = "left", bgcolor = "rgba(0,0,0,0)" },
            hovermode = "closest",
        };
        return new()
        {
            Title = title,
            Summary = summary,
            Note = note,
            Provenance = provenance,
            HeadingHeight = headingHeight,
            Figure = new JsonObject
            {
                ["data"] = PlotlyJson.From(traces),
                ["layout"] = PlotlyJson.Merge(common, layout),
                ["config"] = PlotlyJson.From(new { responsive = true, displaylogo = false, displayModeBar = false }),
            },
        };
    }

    public static JsonObject Axis(string title, object? more = null) => PlotlyJson.Merge(
        new
        {
            title = new { text = title, standoff = 8 },
            gridcolor = Palette.Grid,
            linecolor = Palette.Neutral,
            zerolinecolor = Palette.Grid,
            ticks = "outside",
            tickcolor = Palette.Grid,
            showline = true,
            automargin = true,
        },
        more ?? new { });
}
