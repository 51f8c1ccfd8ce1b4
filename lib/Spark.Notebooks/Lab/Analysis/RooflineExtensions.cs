namespace Spark.Notebooks;

/// <summary>Measurements placed under a roofline: their work by the model's shape, their time as it was measured.</summary>
public static class RooflineExtensions
{
    /// <summary>The roofline for steps that read this model's weights: from memory, or from a cache that they fit.</summary>
    public static Roofline Roofline(this NodeCeilings ceilings, ModelShape shape) =>
        new(ceilings.FlopPerSecond, ceilings.ReadBytesPerSecondAt(shape.WeightBytesPerStep.Bytes));

    /// <summary>What the shape says a sweep's step at this many tokens has to do: a prefill for TTFT, one sequence's decode step for ITL.</summary>
    public static Work Step(this Sweep sweep, ModelShape shape, int tokens) =>
        sweep.IsPrefill ? shape.Prefill(tokens) : shape.DecodeStep(1, tokens);

    /// <summary>The medians of a TTFT sweep; of an ITL sweep, whose points would cover one another, the one in the middle.</summary>
    public static IEnumerable<RooflinePoint> RooflinePoints(this Sweep sweep, ModelShape shape) =>
        from point in sweep.IsPrefill ? sweep.Points : [sweep.Points[sweep.Points.Count / 2]]
        select new RooflinePoint(
            sweep.IsPrefill ? point.Tokens : 1,
            sweep.IsPrefill,
            sweep.Step(shape, point.Tokens),
            TimeSpan.FromMilliseconds(point.Latency.Median));

    /// <summary>The median decode step of a run whose requests all decode together.</summary>
    public static RooflinePoint RooflinePoint(this LoadRun run, ModelShape shape)
    {
        var context = (int)run.Requests.Average(request => request.PromptTokens + (request.OutputTokens / 2.0));
        return new(run.Concurrency, false, shape.DecodeStep(run.Concurrency, context), TimeSpan.FromMilliseconds(run.Itl.Median));
    }

    extension(Sweep sweep)
    {
        internal bool IsPrefill => sweep.Metric == "TTFT";
    }
}
