namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Time to first token over prompt length, with its fit and the least time that the roofline allows.</summary>
    public static Chart Ttft(Sweep sweep, Fit fit, ModelShape shape, Roofline roofline) =>
        Latency("Time to first token over prompt length", Palette.Prefill, "prompt length (tokens)", sweep, fit, shape, roofline);

    /// <summary>Inter-token latency over context length, with its fit and the least time that the roofline allows.</summary>
    public static Chart Itl(Sweep sweep, Fit fit, ModelShape shape, Roofline roofline) =>
        Latency("Inter-token latency over context length", Palette.Decode, "context length (tokens)", sweep, fit, shape, roofline);

    static Chart Latency(string title, string colour, string axis, Sweep sweep, Fit fit, ModelShape shape, Roofline roofline)
    {
        double[] tokens = [.. sweep.Points.Select(point => (double)point.Tokens)];
        double[] medians = [.. sweep.Points.Select(point => point.Latency.Median)];
        var bound = tokens.Select(count => roofline.Predict(sweep.Step(shape, (int)count)).TotalMilliseconds).ToArray();
        return ChartLayout.Chart(
            title,
            $"{sweep.Metric} = {fit.Describe("ms", "token")}; at {tokens[^1]:0} tokens {Figures.Show(medians[^1], "ms")} measured, "
                + $"{Figures.Show(bound[^1], "ms")} allowed by the roofline",
            Provenance.Of(sweep),
            plotHeight: 330,
            [
                new
                {
                    type = "scatter",
                    mode = "markers",
                    name = "measured, median",
                    x = tokens,
                    y = medians,
                    error_y = Spread([.. sweep.Points.Select(point => point.Latency)], colour),
                    marker = new { color = colour, size = 9 },
                    hovertemplate = "%{x} tokens: %{y:.2f} ms<extra></extra>",
                },
                Line("fit", [0, tokens[^1]], [fit.At(0), fit.At(tokens[^1])], colour),
                Line("roofline: no faster than this", tokens, bound, Palette.Neutral, "dash"),
            ],
            new
            {
                xaxis = ChartLayout.Axis(axis, new { rangemode = "tozero" }),
                yaxis = ChartLayout.Axis($"{sweep.Metric} (ms)", new { rangemode = "tozero" }),
            },
            "Bars: 10th to 90th percentile");
    }

    static object Spread(Distribution[] values, string colour) => new
    {
        type = "data",
        symmetric = false,
        array = values.Select(value => value.P90 - value.Median),
        arrayminus = values.Select(value => value.Median - value.Percentile(10)),
        color = colour,
        thickness = 1.5,
        width = 4,
    };
}
