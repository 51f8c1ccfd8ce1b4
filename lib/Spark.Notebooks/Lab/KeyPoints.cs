namespace Spark.Notebooks;

/// <summary>What a module comes to, in sentences that are computed from its run and say the opposite where the run did.</summary>
public sealed partial record KeyPoints(IReadOnlyList<string> Sentences) : Display
{
    /// <summary>Module 01: the two bounds, what batching bought and where it stopped, and which cache size was too small.</summary>
    public static KeyPoints Baseline(
        Roofline roofline, ModelShape shape, Sweep ttft, Sweep itl,
        IReadOnlyList<RepeatedRun> continuous, IReadOnlyList<RepeatedRun> statics, IReadOnlyList<(double Utilization, LoadRun Run)> memory) =>
        new([Bound(roofline, ttft, shape, ttft.Points[^1]), Bound(roofline, itl, shape, itl.Points[0]), Growth(ttft), Growth(itl), Batching(continuous), Static(continuous, statics), Memory(memory)]);

    public override string ToHtml() => Box(Palette.Single, $"<ul style=\"margin:0;padding-left:1.2em\">{string.Concat(Sentences.Select(sentence => $"<li>{Escape(sentence)}</li>"))}</ul>");

    public override string ToText() => string.Join(Environment.NewLine, Sentences.Select(sentence => $"- {sentence}"));

    static string Bound(Roofline roofline, Sweep sweep, ModelShape shape, SweepPoint point)
    {
        var work = sweep.Step(shape, point.Tokens);
        var (compute, measured) = (roofline.IsComputeBound(work), point.Latency.Median);
        return $"{(sweep.IsPrefill ? $"A prefill of {point.Tokens:N0} tokens" : "A decode step of one sequence")} is bound by {(compute ? "computing" : "reading")}: "
            + $"{Figures.Show(work.Intensity)} FLOP a byte, the ridge is at {Figures.Show(roofline.Ridge)}. It took {Figures.Show(measured, "ms")} where that ceiling allows {Figures.Show(roofline.Predict(work).TotalMilliseconds, "ms")}.";
    }

    static string Growth(Sweep sweep)
    {
        var (first, last) = (sweep.Points[0], sweep.Points[^1]);
        return $"From {first.Tokens:N0} to {last.Tokens:N0} {sweep.Axis} ({Figures.Ratio(last.Tokens / (double)first.Tokens)}), {sweep.Metric} grew {Figures.Ratio(last.Latency.Median / first.Latency.Median)}.";
    }

    static string Batching(IReadOnlyList<RepeatedRun> runs)
    {
        var knee = Knee.Of(runs);
        var (one, most) = (runs[0], runs[^1]);
        return $"{most.Runs[0].Concurrency} requests in flight gave {Figures.Ratio(most.OutputTokensPerSecond.Median / one.OutputTokensPerSecond.Median)} the output tokens a second of {one.Runs[0].Concurrency}, "
            + $"at {Figures.Ratio(most.Of(run => run.E2el.Median, "ms").Median / one.Of(run => run.E2el.Median, "ms").Median)} the latency; "
            + (knee.IsInside ? $"the knee was at {knee.Load:0} in flight." : $"throughput ÷ latency was best at {knee.Load:0} in flight, an end of what was tried.");
    }

    static string Static(IReadOnlyList<RepeatedRun> continuous, IReadOnlyList<RepeatedRun> statics)
    {
        var (a, b) = (continuous[^1].OutputTokensPerSecond, statics[^1].OutputTokensPerSecond);
        var apart = a.Min > b.Max || b.Min > a.Max;
        return $"At {continuous[^1].Runs[0].Concurrency} in flight, continuous batching gave {Figures.Ratio(a.Median / b.Median)} the throughput of static batches"
            + (apart ? "; no repeat of one came near the other." : "; their repeats overlap, so this run does not tell them apart.");
    }

    static string Memory(IReadOnlyList<(double Utilization, LoadRun Run)> runs)
    {
        var tight = runs.Where(entry => RanOutOfBlocks(entry.Run)).Select(entry => $"{entry.Utilization:0.0#}").ToList();
        var (first, last) = (runs[0], runs[^1]);
        return (tight.Count == 0 ? "At no utilization did the KV cache run out" : $"The KV cache ran out of blocks at utilization {string.Join(", ", tight)}: requests waited for them, or lost theirs and were computed again")
            + $"; from {first.Utilization:0.0#} to {last.Utilization:0.0#} throughput changed {Figures.Ratio(last.Run.OutputTokensPerSecond / first.Run.OutputTokensPerSecond)}.";
    }

    // Requests also wait for room in a step; for blocks they wait where hardly any is free.
    static bool RanOutOfBlocks(LoadRun run) =>
        run.Metrics.Sum(engine => engine.Preemptions) > 0 || run.Samples.Any(sample => sample.Waiting > 0 && sample.KvCacheUsage > 0.9);
}
