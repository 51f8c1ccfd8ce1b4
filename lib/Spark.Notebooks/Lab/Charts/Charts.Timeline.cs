namespace Spark.Notebooks;

/// <summary>Every figure of the course: measured, recorded or computed data in, one <see cref="Chart"/> out.</summary>
public static partial class Charts
{
    const int MostTokenMarks = 2000;

    /// <summary>One lane a request: waiting for its first token, then decoding, with a mark for every token where they can still be told apart.</summary>
    public static Chart Timeline(LoadRun run)
    {
        RequestTimeline[] answered = [.. run.Requests.Where(request => request.Succeeded)];
        RequestTimeline[] failed = [.. run.Requests.Where(request => !request.Succeeded)];
        var marks = answered.Sum(request => request.TokenTimes.Count) <= MostTokenMarks ? answered : [];
        var median = answered.Length > 1 ? "median " : "";
        var summary = answered.Length == 0 ? "no request succeeded" : $"{median}TTFT {Figures.Show(Median(answered, request => request.Ttft), "ms")}, "
            + $"{median}end to end {Figures.Show(Median(answered, request => request.E2el), "ms")}"
            + (failed.Length > 0 ? $", {Figures.Count(failed.Length, "failure")}" : "");
        return ChartLayout.Chart(
            $"{Figures.Count(run.Requests.Count, "request")} over time",
            summary,
            Provenance.Of(run),
            plotHeight: Math.Clamp(22 * run.Requests.Count, 90, 640),
            [
                Bars("waiting for the first token", Palette.Prefill, answered, request => request.Sent, request => request.Ttft),
                Bars("decoding", Palette.Decode, answered, request => request.TokenTimes[0], request => request.E2el - request.Ttft),
                new
                {
                    type = "scatter",
                    mode = "markers",
                    name = "token",
                    x = marks.SelectMany(request => request.TokenTimes).Select(time => time.TotalMilliseconds),
                    y = marks.SelectMany(request => request.TokenTimes.Select(_ => request.Index)),
                    marker = new { symbol = "line-ns", size = 8, line = new { width = 1, color = "#FFFFFF" } },
                    hovertemplate = "%{x:.1f} ms<extra>token</extra>",
                    showlegend = false,
                    visible = marks.Length > 0,
                },
                new
                {
                    type = "scatter",
                    mode = "markers",
                    name = "failed",
                    x = failed.Select(request => request.Sent.TotalMilliseconds),
                    y = failed.Select(request => request.Index),
                    text = failed.Select(request => request.Error),
                    marker = new { symbol = "x", size = 9, color = Palette.Wrong },
                    visible = failed.Length > 0,
                },
            ],
            new
            {
                barmode = "overlay",
                bargap = 0.25,
                xaxis = ChartLayout.Axis("time since the first request was sent (ms)", new { rangemode = "tozero" }),
                yaxis = ChartLayout.Axis("request", new { autorange = "reversed", showgrid = false, tickformat = "d", nticks = 12, dtick = run.Requests.Count <= 12 ? (int?)1 : null }),
            },
            marks.Length > 0 ? "White ticks are tokens" : "");
    }

    static object Bars(string name, string colour, RequestTimeline[] requests, Func<RequestTimeline, TimeSpan> start, Func<RequestTimeline, TimeSpan> length) => new
    {
        type = "bar",
        orientation = "h",
        name,
        y = requests.Select(request => request.Index),
        @base = requests.Select(request => start(request).TotalMilliseconds),
        x = requests.Select(request => length(request).TotalMilliseconds),
        marker = new { color = colour },
        customdata = requests.Select(request => $"{request.PromptTokens} in, {request.OutputTokens} out, {request.Node}"),
        hovertemplate = "request %{y}: %{x:.1f} ms, %{customdata}<extra>" + name + "</extra>",
    };

    static double Median(IEnumerable<RequestTimeline> requests, Func<RequestTimeline, TimeSpan> latency) =>
        Distribution.OfMilliseconds(requests.Select(latency)).Median;
}
