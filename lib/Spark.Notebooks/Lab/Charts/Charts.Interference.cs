using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Every gap between tokens of the streams over time, a panel an architecture, with a line where each long prompt was sent. Shown is the repeat whose longest stall is the median.</summary>
    public static Chart Interference(Interference interference)
    {
        var shown = interference.Runs.Select(runs => runs.Runs.OrderBy(run => interference.Stalls(run).Median).ElementAt(runs.Runs.Count / 2)).ToArray();
        var longest = shown.Max(run => run.Requests.Max(request => request.TokenTimes[^1].TotalSeconds));
        var (low, high) = (shown.Min(run => Math.Max(0.5, interference.Quiet(run).Median / 2)), 1.3 * shown.Max(run => interference.Disturbed(run).Max));
        var layout = new JsonObject
        {
            ["xaxis"] = ChartLayout.Axis("time since the start of the run (s)", new { range = new[] { 0, longest }, anchor = Axis("y", shown.Length - 1) }),
            ["annotations"] = PlotlyJson.From(shown.Select((run, panel) => Words(
                $"<b>{run.Target.Architecture}</b>: longest stall of a stream {Figures.Show(interference.Stalls(run).Median, "ms")}, {Figures.Count(interference.Spikes(run), "spike")}", "paper", 0, "paper", Rows(panel, shown.Length)[1]))),
            ["shapes"] = PlotlyJson.From(shown.SelectMany((run, panel) => interference.LongPrompts(run).Select(request => Arrival(request.Sent.TotalSeconds, panel)))),
        };
        for (var panel = 0; panel < shown.Length; panel++)
        {
            layout[Layout("y", panel)] = ChartLayout.Axis("ITL (ms)", new { type = "log", dtick = 1, domain = Rows(panel, shown.Length), range = new[] { Math.Log10(low), Math.Log10(high) } });
        }
        return ChartLayout.Chart(
            "Inter-token latency of every token while long prompts arrive",
            string.Join("; ", interference.Runs.Select(runs => $"{runs.Target.Architecture}: median ITL {Figures.Show(runs.Of(run => interference.Quiet(run).Median, "ms").Median, "ms")} before, "
                + $"a stream's longest stall {Figures.Show(runs.Of(run => interference.Stalls(run).Median, "ms").Median, "ms")} while they arrive")),
            interference.Provenance,
            plotHeight: 230 * shown.Length,
            [.. shown.Select((run, panel) => Dots(interference, run, panel))],
            layout,
            $"Dotted lines: a prompt of {interference.Plan.LongPromptTokens} tokens is sent. {char.ToUpperInvariant(interference.Rule[0])}{interference.Rule[1..]}");
    }

    /// <summary>A decode step's time over the tokens of a prefill chunk that shares it, as recorded.</summary>
    public static Chart Recorded(RecordedInterference recorded)
    {
        var (alone, worst) = (recorded.Steps[0], recorded.Steps[^1]);
        return ChartLayout.Chart(
            $"Recorded: decode steps that a prefill chunk joins, on {recorded.Machine}",
            $"{Figures.Show(alone.MedianMs, "ms")} without, {Figures.Show(worst.MedianMs, "ms")} with {worst.Tokens} prompt tokens in the step: {Figures.Ratio(worst.MedianMs / alone.MedianMs)}, which each of the {alone.Batch} decoding requests waits for",
            recorded.Provenance,
            plotHeight: 260,
            [Steps("step time", Palette.Decode, "", [.. recorded.Steps], step => step.Tokens), Line("no prefill in the step", [0, worst.Tokens], [alone.MedianMs, alone.MedianMs], Palette.Neutral, "dash")],
            new
            {
                xaxis = ChartLayout.Axis("prompt tokens in the step", new { rangemode = "tozero" }),
                yaxis = ChartLayout.Axis($"step time, {alone.Batch} decoding (ms)", new { rangemode = "tozero" }),
            },
            "Bars: lowest to highest");
    }

    static object Dots(Interference interference, LoadRun run, int panel)
    {
        var gaps = interference.Gaps(run).Where(gap => gap.Gap > TimeSpan.Zero).ToArray();
        return new
        {
            type = "scatter",
            mode = "markers",
            name = run.Target.Architecture,
            showlegend = false,
            yaxis = Axis("y", panel),
            x = gaps.Select(gap => gap.At.TotalSeconds),
            y = gaps.Select(gap => gap.Gap.TotalMilliseconds),
            marker = new { color = Palette.Of(run.Target.Architecture, panel), size = 4, opacity = 0.7 },
            hovertemplate = "%{x:.2f} s: %{y:.1f} ms<extra>" + run.Target.Architecture + "</extra>",
        };
    }

    static object Arrival(double x, int panel) => new
    {
        type = "line",
        xref = "x",
        x0 = x,
        x1 = x,
        yref = $"{Axis("y", panel)} domain",
        y0 = 0,
        y1 = 1,
        line = new { color = Palette.Neutral, dash = "dot", width = 1.5 },
    };
}
