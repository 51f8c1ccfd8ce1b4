using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>A node's measured ceilings, with the medians of both sweeps and the decode steps of runs whose requests decode together.</summary>
    public static Chart Roofline(NodeCeilings ceilings, ModelShape shape, Sweep ttft, Sweep itl, params IEnumerable<LoadRun> batches) => Roofline(
        ceilings.Roofline(shape),
        [.. ttft.RooflinePoints(shape), .. itl.RooflinePoints(shape), .. batches.Select(run => run.RooflinePoint(shape))],
        Provenance.Measured($"both ceilings on {ceilings.Node} (vectors of {ceilings.Simd}; reading a buffer of the weights' size, {shape.WeightBytesPerStep}); times as the client saw them, "
            + $"{Provenance.Describe(ttft.Target)}; FLOP and bytes computed from {shape.Name}'s config.json"));

    /// <summary>A recorded GPU's ceilings and step times.</summary>
    public static Chart Roofline(RecordedGpu gpu) => Roofline(gpu.Roofline, gpu.RooflinePoints, gpu.Provenance);

    /// <summary>Measured steps under the two ceilings: left of the ridge reading sets the pace, right of it computing does.</summary>
    public static Chart Roofline(Roofline roofline, IEnumerable<RooflinePoint> points, Provenance provenance)
    {
        RooflinePoint[] all = [.. points];
        double low = Math.Min(all.Min(point => point.Work.Intensity), roofline.Ridge) / 2;
        double high = Math.Max(all.Max(point => point.Work.Intensity), roofline.Ridge) * 2;
        var floor = Math.Min(all.Min(point => point.FlopPerSecond), roofline.Attainable(low)) / 2;
        return ChartLayout.Chart(
            $"{(provenance.Kind == "recorded" ? "Recorded: " : "")}Roofline of prefill and decode",
            $"ridge at {Figures.Show(roofline.Ridge, "FLOP/B")}; " + string.Join("; ", Bounds(all, roofline)),
            provenance,
            plotHeight: 400,
            [
                Line($"read ceiling {Figures.Si(roofline.BytesPerSecond, "B/s")}", [low, roofline.Ridge], [roofline.Attainable(low), roofline.FlopPerSecond], Palette.Neutral),
                Line($"compute ceiling {Figures.Si(roofline.FlopPerSecond, "FLOP/s")}", [roofline.Ridge, high], [roofline.FlopPerSecond, roofline.FlopPerSecond], Palette.Neutral, "dash"),
                Points("prefill, with its tokens", Palette.Prefill, "circle", "bottom center", [.. all.Where(point => point.IsPrefill)]),
                Points("decode step, with its batch", Palette.Decode, "diamond", "middle left", [.. all.Where(point => !point.IsPrefill)]),
            ],
            new
            {
                xaxis = ChartLayout.Axis("arithmetic intensity (FLOP per byte)", LogRange(low, high)),
                yaxis = ChartLayout.Axis("performance (FLOP/s)", PlotlyJson.Merge(LogRange(floor, roofline.FlopPerSecond * 2), Ticks(floor, roofline.FlopPerSecond * 2))),
                shapes = new[] { VerticalLine(roofline.Ridge, $"ridge {Figures.Show(roofline.Ridge, "FLOP/B")}") },
            });
    }

    /// <summary>The longest prefill and the smallest decode batch: the two that lie furthest apart.</summary>
    static IEnumerable<string> Bounds(RooflinePoint[] points, Roofline roofline) =>
        from side in points.GroupBy(point => point.IsPrefill)
        let extreme = side.Key ? side.MaxBy(point => point.Tokens)! : side.MinBy(point => point.Tokens)!
        select $"{(side.Key ? $"prefill of {extreme.Tokens} tokens" : $"decode at batch {extreme.Tokens}")} is {(roofline.IsComputeBound(extreme.Work) ? "compute" : "bandwidth")}-bound"
            + $" and reaches {extreme.FlopPerSecond / roofline.Attainable(extreme.Work.Intensity):0 %} of its ceiling";

    static object Points(string name, string colour, string symbol, string labels, RooflinePoint[] points) => new
    {
        type = "scatter",
        mode = "markers+text",
        name,
        x = points.Select(point => point.Work.Intensity),
        y = points.Select(point => point.FlopPerSecond),
        text = points.Select(point => $"{point.Tokens}"),
        textposition = labels,
        textfont = new { size = 11 },
        marker = new { color = colour, size = 10, symbol },
        hovertemplate = "%{text} tokens: %{x:.3g} FLOP/B, %{y:.3s}FLOP/s<extra>" + name + "</extra>",
        visible = points.Length > 0,
    };

    static JsonObject LogRange(double low, double high) =>
        PlotlyJson.Merge(new { type = "log", dtick = 1 }, new { range = new[] { Math.Log10(low), Math.Log10(high) } });

    /// <summary>Powers of ten, with 2 and 5 between them where those are few.</summary>
    static object Ticks(double low, double high)
    {
        int[] steps = high / low < 1000 ? [1, 2, 5] : [1];
        double[] values = [.. from decade in Enumerable.Range((int)Math.Log10(low), (int)Math.Log10(high / low) + 2)
                              from step in steps
                              select step * Math.Pow(10, decade)];
        return new { tickvals = values, ticktext = values.Select(value => Figures.Si(value, "").TrimEnd()) };
    }
}
