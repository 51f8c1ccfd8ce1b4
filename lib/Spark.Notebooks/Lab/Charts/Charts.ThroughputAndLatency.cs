namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Continuous against static batching over concurrency: throughput above, end-to-end latency below, the knee of continuous batching marked.</summary>
    public static Chart ThroughputAndLatency(IReadOnlyList<RepeatedRun> continuous, IReadOnlyList<RepeatedRun> @static)
    {
        var knee = Knee.Of(continuous);
        var (last, lastStatic) = (continuous[^1], @static[^1]);
        var loads = continuous.Concat(@static).Select(repeated => repeated.Runs[0].Concurrency).Distinct().Order().ToArray();
        return ChartLayout.Chart(
            "Continuous against static batching over concurrency",
            $"at {last.Runs[0].Concurrency} in flight {Figures.Show(last.OutputTokensPerSecond.Median)} against {Figures.Show(lastStatic.OutputTokensPerSecond.Median)} tokens/s; "
                + (knee.IsInside ? $"knee of continuous batching at {knee.Load:0} in flight, where {Knee.Rule}" : $"no knee between {loads[0]} and {loads[^1]} in flight: {Knee.Rule} at {knee.Load:0}, an end of the range"),
            Provenance.Of(continuous),
            plotHeight: 480,
            [
                Curve("continuous", Palette.Continuous, "circle", "y", continuous, run => run.OutputTokensPerSecond, "tokens/s"),
                Curve("static", Palette.Static, "square", "y", @static, run => run.OutputTokensPerSecond, "tokens/s"),
                Curve("continuous", Palette.Continuous, "circle", "y2", continuous, run => run.E2el.Median, "ms"),
                Curve("static", Palette.Static, "square", "y2", @static, run => run.E2el.Median, "ms"),
            ],
            new
            {
                xaxis = ChartLayout.Axis("requests in flight", new { type = "log", tickvals = loads, ticktext = loads.Select(load => $"{load}"), anchor = "y2" }),
                yaxis = ChartLayout.Axis("output tokens/s", new { domain = new[] { 0.54, 1 }, rangemode = "tozero" }),
                yaxis2 = ChartLayout.Axis("end-to-end latency (ms)", new { domain = new[] { 0, 0.46 }, rangemode = "tozero" }),
                shapes = knee.IsInside ? new[] { VerticalLine(knee.Load, $"knee: {knee.Load:0}") } : [],
            },
            "Medians, bars: 10th to 90th percentile of the runs");
    }

    static object Curve(string name, string colour, string symbol, string axis, IReadOnlyList<RepeatedRun> runs, Func<LoadRun, double> figure, string unit)
    {
        Distribution[] values = [.. runs.Select(repeated => repeated.Of(figure, unit))];
        return new
        {
            type = "scatter",
            mode = "lines+markers",
            name,
            legendgroup = name,
            showlegend = axis == "y",
            yaxis = axis,
            x = runs.Select(repeated => repeated.Runs[0].Concurrency),
            y = values.Select(value => value.Median),
            error_y = Spread(values, colour),
            line = new { color = colour, width = 2.5 },
            marker = new { color = colour, size = 9, symbol },
            hovertemplate = "%{x} in flight: %{y:.1f} " + unit + "<extra>" + name + "</extra>",
        };
    }

    static object VerticalLine(double x, string text) => new
    {
        type = "line",
        xref = "x",
        x0 = x,
        x1 = x,
        yref = "paper",
        y0 = 0,
        y1 = 1,
        line = new { color = Palette.Neutral, dash = "dot", width = 1.5 },
        label = new { text, textposition = "start", textangle = 0, xanchor = "left", yanchor = "bottom", padding = 4, font = new { size = 12 } },
    };
}
