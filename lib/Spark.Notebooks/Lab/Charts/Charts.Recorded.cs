namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>A recorded sweep over load: throughput above, latencies below. Points whose window cut requests off are open.</summary>
    public static Chart Recorded(RecordedSweep sweep)
    {
        var (first, best) = (sweep.Points[0], sweep.Points.MaxBy(point => point.OutputTokensPerSecond)!);
        return ChartLayout.Chart(
            $"Recorded: load on {sweep.Machine}",
            $"{Figures.Show(first.OutputTokensPerSecond)} tokens/s alone, {Figures.Show(best.OutputTokensPerSecond)} at {best.Concurrency:0} in flight; ITL {Figures.Show(first.ItlMedianMs)} → {Figures.Show(best.ItlMedianMs, "ms")}",
            sweep.Provenance,
            plotHeight: 440,
            [
                Points("output tokens/s", Palette.Single, "y", sweep, point => point.OutputTokensPerSecond, "tokens/s"),
                Points("median TTFT", Palette.Prefill, "y2", sweep, point => point.TtftMedianMs, "ms"),
                Points("median ITL", Palette.Decode, "y2", sweep, point => point.ItlMedianMs, "ms"),
            ],
            new
            {
                xaxis = ChartLayout.Axis("mean requests in flight", new { type = "log", tickvals = new[] { 1, 2, 4, 8, 16, 32, 64, 128 }, anchor = "y2" }),
                yaxis = ChartLayout.Axis("output tokens/s", new { domain = new[] { 0.54, 1 }, rangemode = "tozero" }),
                yaxis2 = ChartLayout.Axis("latency (ms)", new { domain = new[] { 0, 0.46 }, type = "log", dtick = 1 }),
            },
            "Open points: the 60 s window cut off more requests than it completed. ITL is guidellm's: a request's mean, which vLLM calls TPOT");
    }

    /// <summary>Recorded step times against their roofline: prefill over tokens, decode over batch.</summary>
    public static Chart Recorded(RecordedGpu gpu)
    {
        RecordedStep[] prefill = [.. gpu.Prefill], decode = [.. gpu.DecodeAtOneContext];
        return ChartLayout.Chart(
            $"Recorded: step times of {gpu.Shape.Name}'s shape on {gpu.Machine}",
            $"prefill of {prefill[^1].Tokens} tokens {Figures.Show(prefill[^1].MedianMs, "ms")}, decode step {Figures.Show(decode[0].MedianMs)} to {Figures.Show(decode[^1].MedianMs, "ms")} "
                + $"for batch {decode[0].Batch} to {decode[^1].Batch} at context {decode[0].Context}",
            gpu.Provenance,
            plotHeight: 300,
            [
                Steps("prefill", Palette.Prefill, "", prefill, step => step.Tokens),
                Line("roofline: no faster than this", [.. prefill.Select(step => (double)step.Tokens)], [.. prefill.Select(step => Bound(gpu.Shape.Prefill(step.Tokens)))], Palette.Neutral, "dash"),
                Steps("decode", Palette.Decode, "2", decode, step => step.Batch),
                PlotlyJson.Merge(
                    Line("", [.. decode.Select(step => (double)step.Batch)], [.. decode.Select(step => Bound(gpu.Shape.DecodeStep(step.Batch, step.Context)))], Palette.Neutral, "dash"),
                    new { xaxis = "x2", yaxis = "y2", showlegend = false }),
            ],
            new
            {
                xaxis = ChartLayout.Axis("prompt tokens", new { type = "log", domain = new[] { 0, 0.44 }, tickvals = PowersOfFour(prefill) }),
                yaxis = ChartLayout.Axis("prefill step (ms)", new { type = "log", dtick = 1 }),
                xaxis2 = ChartLayout.Axis("batch (sequences)", new { type = "log", domain = new[] { 0.56, 1 }, tickvals = decode.Select(step => step.Batch) }),
                yaxis2 = ChartLayout.Axis("decode step (ms)", new { anchor = "x2", rangemode = "tozero" }),
            },
            "Bars: lowest to highest");

        double Bound(Work work) => gpu.Roofline.Predict(work).TotalMilliseconds;
    }

    static IEnumerable<int> PowersOfFour(RecordedStep[] steps) => steps.Select(step => step.Tokens).Where(tokens => int.Log2(tokens) % 2 == 0);

    static object Points(string name, string colour, string axis, RecordedSweep sweep, Func<RecordedLoad, double> figure, string unit) => new
    {
        type = "scatter",
        mode = "lines+markers",
        name,
        yaxis = axis,
        x = sweep.Points.Select(point => point.Concurrency),
        y = sweep.Points.Select(figure),
        line = new { color = colour, width = 2, dash = "dot" },
        marker = new { color = colour, size = 9, symbol = sweep.Points.Select(point => point.Incomplete > point.Completed ? "circle-open" : "circle") },
        customdata = sweep.Points.Select(point => $"{point.Strategy}, {point.Completed} completed, {point.Incomplete} cut off"),
        hovertemplate = "%{x:.1f} in flight: %{y:.1f} " + unit + ", %{customdata}<extra>" + name + "</extra>",
    };

    static object Steps(string name, string colour, string axes, RecordedStep[] steps, Func<RecordedStep, int> x) => new
    {
        type = "scatter",
        mode = "markers",
        name,
        xaxis = "x" + axes,
        yaxis = "y" + axes,
        x = steps.Select(x),
        y = steps.Select(step => step.MedianMs),
        error_y = new
        {
            type = "data",
            symmetric = false,
            array = steps.Select(step => step.HighestMs - step.MedianMs),
            arrayminus = steps.Select(step => step.MedianMs - step.LowestMs),
            color = colour,
            thickness = 1.5,
        },
        marker = new { color = colour, size = 9 },
        hovertemplate = "%{x}: %{y:.2f} ms<extra>" + name + "</extra>",
    };
}
