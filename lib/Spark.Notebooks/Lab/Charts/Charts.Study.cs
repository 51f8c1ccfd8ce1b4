using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>One mix over the offered rate, a line an architecture: goodput, TTFT and ITL, with what the SLO allows.</summary>
    public static Chart LoadLatency(ArchitectureStudy study, string mix)
    {
        var cells = study.Cells.Where(cell => cell.Mix.Name == mix).GroupBy(cell => cell.Architecture).ToArray();
        var baseline = study.Baseline(mix);
        (string Axis, Func<StudyCell, Distribution> Of, double? Bound)[] panels =
        [
            ("goodput (requests/s)", cell => cell.Goodput, null),
            ("p90 TTFT (ms)", cell => Metric.P90Ttft.Over(cell.Runs), baseline.Slo.Ttft?.TotalMilliseconds),
            ("p99 ITL (ms)", cell => Metric.P99Itl.Over(cell.Runs), baseline.Slo.Itl?.TotalMilliseconds),
        ];
        var rates = cells.SelectMany(group => group).Select(cell => cell.RequestsPerSecond).ToArray();
        var layout = new JsonObject();
        for (var panel = 0; panel < panels.Length; panel++)
        {
            layout[Layout("x", panel)] = ChartLayout.Axis("offered (requests/s)", new { domain = Span(panel, panels.Length), anchor = Axis("y", panel), range = new[] { 0, 1.08 * rates.Max() } });
            layout[Layout("y", panel)] = ChartLayout.Axis(panels[panel].Axis, new { anchor = Axis("x", panel), rangemode = "tozero" });
        }
        return ChartLayout.Chart(
            $"Load and latency: {baseline.Mix}",
            string.Join("; ", cells.Select(group => $"{group.Key} up to {Figures.Show(group.Max(cell => cell.Goodput.Median))} good requests/s")) + $". SLO: {baseline.Slo}",
            study.Provenance,
            plotHeight: 300,
            [
                .. panels.SelectMany((panel, i) => cells.Select(group => Points(group.Key, [.. group], panel.Of, i))),
                .. panels.SelectMany((panel, i) => panel.Bound is { } bound ? new object[] { Bound(bound, rates.Max(), i) } : []),
            ],
            layout,
            "Medians; bars: lowest to highest repeat; dashed: the SLO's bound, or all that was offered");

        object Bound(double bound, double to, int panel) => PlotlyJson.Merge(
            Line("SLO", [0, 1.08 * to], [bound, bound], Palette.Neutral, "dash"), new { xaxis = Axis("x", panel), yaxis = Axis("y", panel), showlegend = panel == 1 });
    }

    /// <summary>How busy each node was under every mix at the highest rate that all were offered: a prefill node beside an idle decode node is hardware that nobody uses.</summary>
    public static Chart NodeUse(ArchitectureStudy study)
    {
        var top = study.Plan.Rates.Max();
        var groups = study.Cells.Where(cell => cell.Multiple == top && cell.Runs.Target.Engines.Count > 1).GroupBy(cell => cell.Architecture).ToArray();
        return ChartLayout.Chart(
            FormattableString.Invariant($"How busy the nodes are at {top:0.##} × what one node serves"),
            groups.SelectMany(group => group).All(cell => double.IsNaN(StudySummaries.Busy(cell, 0))) ? StudySummaries.BusyUnknown
                : string.Join("; ", groups.Where(group => group.First().Runs.Target.Transport is not null).SelectMany(group => group)
                    .Select(cell => $"{cell.Mix.Name}: prefill node {StudySummaries.Busy(cell, 0):0} %, decode node {StudySummaries.Busy(cell, cell.Runs.Target.Engines.Count - 1):0} %")),
            study.Provenance,
            plotHeight: 280,
            [.. groups.SelectMany(group => group.First().Runs.Target.Engines.Select((engine, i) => Bar(
                engine.Role == EngineRole.Both ? $"{group.Key}: {engine.Node}" : $"{group.Key}: {engine.Node}, {(engine.Role == EngineRole.Prefill ? "prefill" : "decode")}",
                Palette.Of(group.Key, 0), group.Select(cell => cell.Mix.Name),
                [.. group.Select(cell => cell.Runs.Of(run => 100 * (run.Cpu?.Busy(run.Target.Engines[i]) ?? double.NaN), "%"))],
                pattern: i == 0 ? "" : "/")))],
            new
            {
                barmode = "group",
                xaxis = ChartLayout.Axis("workload", new { type = "category" }),
                yaxis = ChartLayout.Axis("node busy (% of its cores)", new { range = new[] { 0, 105 } }),
            },
            "Medians; lines: lowest to highest repeat");
    }

    static object Points(string name, StudyCell[] cells, Func<StudyCell, Distribution> figure, int panel)
    {
        var values = cells.Select(figure).ToArray();
        return new
        {
            type = "scatter",
            mode = "lines+markers",
            name,
            legendgroup = name,
            showlegend = panel == 0,
            xaxis = Axis("x", panel),
            yaxis = Axis("y", panel),
            x = cells.Select(cell => cell.RequestsPerSecond),
            y = values.Select(value => value.Median),
            error_y = new { type = "data", symmetric = false, array = values.Select(value => value.Max - value.Median), arrayminus = values.Select(value => value.Median - value.Min), thickness = 1.5 },
            line = new { color = Palette.Of(name, 0), width = 2.5 },
            marker = new { color = Palette.Of(name, 0), size = 9, symbol = name.StartsWith("single", StringComparison.Ordinal) ? "diamond" : name.StartsWith("replicated", StringComparison.Ordinal) ? "square" : "circle" },
            hovertemplate = "%{x:.1f}/s: %{y:.4g}<extra>" + name + "</extra>",
        };
    }
}
