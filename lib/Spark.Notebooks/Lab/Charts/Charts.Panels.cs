using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    const double PanelGap = 0.13;
    const double HeadingRoom = 0.07;

    /// <summary>Several figures of the same runs side by side, each on an axis of its own, a bar an entry: median, with the lowest and the highest repeat.</summary>
    static Chart Bars(string title, string summary, Provenance provenance, IReadOnlyList<(string Name, RepeatedRun Runs)> entries, params (string Figure, Func<LoadRun, double> Of, string Unit)[] panels)
    {
        var layout = new JsonObject();
        for (var panel = 0; panel < panels.Length; panel++)
        {
            layout[Layout("x", panel)] = ChartLayout.Axis(panels[panel].Figure, new { type = "category", domain = Span(panel, panels.Length), anchor = Axis("y", panel) });
            layout[Layout("y", panel)] = ChartLayout.Axis(panels[panel].Unit, new { anchor = Axis("x", panel), rangemode = "tozero" });
        }
        return ChartLayout.Chart(
            title,
            summary,
            provenance,
            plotHeight: 250,
            [.. panels.SelectMany((panel, i) => entries.Select((entry, index) => Bar(
                entry.Name, Palette.Of(entry.Name, index), [entry.Name], [entry.Runs.Of(panel.Of, panel.Unit)], i, legend: false)))],
            layout,
            $"Bars: medians of {entries.Min(entry => entry.Runs.Runs.Count)} repeats; lines: lowest to highest");
    }

    static object Bar(string name, string colour, IEnumerable<string> categories, Distribution[] values, int panel = 0, bool legend = true, string pattern = "") => new
    {
        type = "bar",
        name,
        x = categories,
        y = values.Select(value => value.Median),
        xaxis = Axis("x", panel),
        yaxis = Axis("y", panel),
        legendgroup = name,
        showlegend = legend,
        marker = new { color = colour, pattern = new { shape = pattern, fillmode = "overlay", fgcolor = "#FFFFFF", fgopacity = 0.8, size = 7 } },
        error_y = new
        {
            type = "data",
            symmetric = false,
            array = values.Select(value => value.Max - value.Median),
            arrayminus = values.Select(value => value.Median - value.Min),
            color = Palette.Neutral,
            thickness = 1.5,
        },
        hovertemplate = "%{x}: %{y:.4g} " + values[0].Unit + "<extra>" + name + "</extra>",
    };

    static object Words(string text, string x, double at, string y, double height, string anchor = "left") => new
    {
        text,
        showarrow = false,
        xref = x,
        x = at,
        xanchor = anchor,
        yref = y,
        y = height,
        yanchor = "bottom",
    };

    static double[] Span(int panel, int panels)
    {
        var width = (1 - (PanelGap * (panels - 1))) / panels;
        return [panel * (width + PanelGap), (panel * (width + PanelGap)) + width];
    }

    static double[] Rows(int panel, int panels, double gap = 0.12)
    {
        // Room for the heading of the uppermost panel, below the legend.
        var height = (1 - HeadingRoom - (gap * (panels - 1))) / panels;
        var bottom = (panels - 1 - panel) * (height + gap);
        return [bottom, bottom + height];
    }

    static string Axis(string letter, int index) => index == 0 ? letter : $"{letter}{index + 1}";

    static string Layout(string letter, int index) => index == 0 ? $"{letter}axis" : $"{letter}axis{index + 1}";
}
