using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    const int PanelHeight = 170;

    /// <summary>One engine's gauges over time, one panel a utilization: requests running and waiting, KV blocks in use, preemptions.</summary>
    /// <exception cref="ArgumentException">A run has no samples, or those of several engines.</exception>
    public static Chart Capacity(params (double Utilization, LoadRun Run)[] runs)
    {
        foreach (var (utilization, run) in runs)
        {
            if (run.Samples.DistinctBy(sample => sample.Node).Count() != 1)
                throw new ArgumentException($"The run at utilization {utilization} has samples of {run.Samples.DistinctBy(sample => sample.Node).Count()} engines; this chart shows those of one.", nameof(runs));
        }
        var longest = runs.Max(entry => entry.Run.Duration.TotalSeconds);
        var layout = new JsonObject { ["xaxis"] = ChartLayout.Axis("time since the start of the run (s)", new { range = new[] { 0, longest }, anchor = PanelAxis(2 * (runs.Length - 1)) }) };
        layout["annotations"] = PlotlyJson.From(runs.Select((entry, panel) => Heading(panel, runs.Length, entry.Utilization)));
        for (var panel = 0; panel < runs.Length; panel++)
            AddAxes(layout, panel, runs.Length);
        return ChartLayout.Chart(
            "KV capacity at work: the same load at several utilizations",
            string.Join("; ", runs.Select(entry => $"at {entry.Utilization:0.0#} up to {entry.Run.Samples.Max(sample => sample.Running)} running, {entry.Run.Samples.Max(sample => sample.Waiting)} waiting, "
                + $"KV {entry.Run.Samples.Max(sample => sample.KvCacheUsage):0 %}, {Figures.Count((int)entry.Run.Metrics.Sum(node => node.Preemptions), "preemption")}, {Figures.Show(entry.Run.OutputTokensPerSecond)} tokens/s")),
            Provenance.Of(runs[0].Run),
            plotHeight: PanelHeight * runs.Length,
            [.. runs.SelectMany((entry, panel) => Panel(entry.Run, panel))],
            layout);
    }

    static IEnumerable<object> Panel(LoadRun run, int panel)
    {
        var samples = run.Samples;
        var preempted = samples.Zip(samples.Skip(1)).Where(pair => pair.Second.Preemptions > pair.First.Preemptions).Select(pair => pair.Second).ToArray();
        yield return Gauge("running", Palette.Decode, "tozeroy", "solid", panel, 0, samples, sample => sample.Running);
        yield return Gauge("waiting", Palette.Waiting, "none", "solid", panel, 0, samples, sample => sample.Waiting);
        yield return Gauge("KV blocks in use", Palette.Transfer, "none", "dot", panel, 1, samples, sample => 100 * sample.KvCacheUsage);
        yield return new
        {
            type = "scatter",
            mode = "markers",
            name = "preemption",
            legendgroup = "preemption",
            showlegend = panel == 0,
            yaxis = PanelAxis((2 * panel) + 1),
            x = preempted.Select(sample => (double?)sample.At.TotalSeconds).DefaultIfEmpty(null),
            y = preempted.Select(sample => (double?)(100 * sample.KvCacheUsage)).DefaultIfEmpty(null),
            marker = new { symbol = "x", size = 9, color = Palette.Preemption },
        };
    }

    static object Gauge(string name, string colour, string fill, string dash, int panel, int side, IReadOnlyList<MetricsSample> samples, Func<MetricsSample, double> value) => new
    {
        type = "scatter",
        mode = "lines",
        name,
        legendgroup = name,
        showlegend = panel == 0,
        yaxis = PanelAxis((2 * panel) + side),
        x = samples.Select(sample => sample.At.TotalSeconds),
        y = samples.Select(value),
        fill,
        line = new { color = colour, width = 2, dash, shape = "hv" },
    };

    static object Heading(int panel, int panels, double utilization) => new
    {
        text = $"<b>gpu-memory-utilization {utilization:0.0#}</b>",
        showarrow = false,
        xref = "paper",
        x = 0,
        xanchor = "left",
        yref = "paper",
        y = Top(panel, panels),
        yanchor = "bottom",
    };

    static double Top(int panel, int panels) => 1 - ((panel + 0.16) / panels);

    static void AddAxes(JsonObject layout, int panel, int panels)
    {
        var top = Top(panel, panels);
        var left = PanelAxis(2 * panel);
        layout[AxisName(2 * panel)] = ChartLayout.Axis("requests", new { domain = new[] { 1 - ((panel + 0.96) / panels), top }, rangemode = "tozero", nticks = 5 });
        layout[AxisName((2 * panel) + 1)] = ChartLayout.Axis("KV (%)", new { overlaying = left, side = "right", range = new[] { 0, 105 }, showgrid = false, dtick = 50 });
    }

    static string PanelAxis(int index) => index == 0 ? "y" : $"y{index + 1}";

    static string AxisName(int index) => index == 0 ? "yaxis" : $"yaxis{index + 1}";
}
