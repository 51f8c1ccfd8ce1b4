namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Every gap between two tokens of one request, with the median that a single figure would make of them.</summary>
    public static Chart InterTokenLatency(RequestTimeline request)
    {
        var gaps = Distribution.OfMilliseconds(request.Itl);
        int[] index = [.. Enumerable.Range(2, gaps.Count)];
        return ChartLayout.Chart(
            "Inter-token latency of one request",
            $"median {Figures.Show(gaps.Median, "ms")}, p99 {Figures.Show(gaps.P99, "ms")}, {Figures.Show(gaps.Min)} to {Figures.Show(gaps.Max, "ms")} over {gaps.Count} gaps",
            Provenance.Measured($"request {request.Index} on {request.Node}, {request.PromptTokens} prompt tokens, {request.OutputTokens} output tokens, as the client saw them arrive"),
            plotHeight: 260,
            [
                new
                {
                    type = "scatter",
                    mode = "markers",
                    name = "gap before this token",
                    x = index,
                    y = gaps.Values,
                    marker = new { color = Palette.Decode, size = 6 },
                    hovertemplate = "token %{x}: %{y:.2f} ms<extra></extra>",
                },
                Line("median", [index[0], index[^1]], [gaps.Median, gaps.Median], Palette.Neutral, "dash"),
            ],
            new
            {
                xaxis = ChartLayout.Axis("output token", new { tickformat = "d", range = new[] { 0, index[^1] + 1 } }),
                yaxis = ChartLayout.Axis("time since the token before (ms)", new { rangemode = "tozero" }),
            });
    }

    static object Line(string name, double[] x, double[] y, string colour, string dash = "solid") => new
    {
        type = "scatter",
        mode = "lines",
        name,
        x,
        y,
        line = new { color = colour, dash, width = 2 },
        hoverinfo = "skip",
    };
}
