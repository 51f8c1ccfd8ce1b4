namespace Spark.Notebooks;

public sealed partial record KeyPoints
{
    /// <summary>Module 03: what the hop costs, where more nodes pay, and what routing decides.</summary>
    public static KeyPoints Replication(ProxyHop hop, ScalingStudy scaling, RoutingStudy routing) => new([Hop(hop), Pays(scaling), Weak(scaling), Routing(routing)]);

    /// <summary>Module 04: whether the answers are the same, what a transfer costs, what interference does, and who wins where.</summary>
    public static KeyPoints Disaggregation(SameAnswers same, TransportStudy transports, Interference interference, ArchitectureVerdict verdict) => new(
        [same.ToText() + ".", Transfer(transports), Stalls(interference), verdict.Sentence, Busy(verdict.Study)]);

    static string Hop(ProxyHop hop)
    {
        var ((from, to), direct) = (hop.Ttft.MedianInterval, Figures.Show(hop.Direct.Pooled(request => request.Ttft).Median, "ms"));
        return (from > 0 || to < 0
            ? $"The gateway adds {Figures.Show(hop.Ttft.Median, "ms")} to a TTFT of {direct} (median of {hop.Ttft.Count} pairs; {Figures.Show(from)} to {Figures.Show(to, "ms")} with 95 % confidence)"
            : $"What the gateway adds to a TTFT of {direct} is less than {hop.Ttft.Count} pairs can tell from nothing: at most {Figures.Show(to, "ms")} in the median, with 95 % confidence")
            + ": compare architectures behind the same gateway, or that hop is charged to one of them.";
    }

    static string Pays(ScalingStudy scaling)
    {
        var pays = scaling.Strong(Metric.OutputThroughput).Where(level => level.Comparison.IsDecided && level.Comparison.Ratio > 1).ToArray();
        return pays.Length == 0
            ? $"With the same clients, {scaling.Nodes} nodes gave more throughput than one at none of the loads tried."
            : $"With the same clients, {scaling.Nodes} nodes gave more throughput than one at {string.Join(", ", pays.Select(level => level.Concurrency))} in flight, at most {Figures.Ratio(pays.Max(level => level.Comparison.Ratio!.Value))}.";
    }

    static string Weak(ScalingStudy scaling) => scaling.Weak(Metric.OutputThroughput).LastOrDefault() is { Comparison.Ratio: { } ratio } weak
        ? $"With as many clients a node ({weak.Concurrency}), {scaling.Nodes} nodes gave {Figures.Ratio(ratio)} one node's throughput; {Figures.Ratio(scaling.Nodes)} would be perfect."
        : "No two levels with as many clients a node could be compared.";

    static string Routing(RoutingStudy routing)
    {
        var tails = routing.Runs.Select(runs => (runs.Target.Policy, Tail: Metric.P90Ttft.Over(runs))).OrderBy(policy => policy.Tail.Median).ToArray();
        var apart = tails[0].Tail.Max < tails[^1].Tail.Min;
        return apart
            ? $"Under uneven lengths p90 TTFT is {Figures.Show(tails[0].Tail.Median, "ms")} with {tails[0].Policy} and {Figures.Show(tails[^1].Tail.Median, "ms")} with {tails[^1].Policy}."
            : $"Under uneven lengths the policies' p90 TTFT overlap ({Figures.Show(tails[0].Tail.Median)} to {Figures.Show(tails[^1].Tail.Median, "ms")}): {Comparison.TooClose} at this load.";
    }

    static string Transfer(TransportStudy transports) =>
        $"A KV transfer took {string.Join(" and ", transports.Runs.Select(runs => $"{Figures.Show(runs.Of(TransportStudy.Milliseconds, "ms").Median, "ms")} over {runs.Target.Transport}"))}, "
        + $"{Figures.Show(transports.Runs.Max(runs => runs.Of(run => 100 * TransportStudy.Milliseconds(run) / run.Ttft.Mean, "%").Median), "%")} of the TTFT at most.";

    static string Stalls(Interference interference) =>
        $"While prompts of {interference.Plan.LongPromptTokens} tokens arrived, a stream's longest stall was {string.Join(", ", interference.Runs.Select(runs => $"{Figures.Show(runs.Of(run => interference.Stalls(run).Median, "ms").Median, "ms")} on {runs.Target.Architecture}"))}: "
        + (interference.Steadiest == Comparison.TooClose ? $"which of them is steadiest is {Comparison.TooClose}." : $"{interference.Steadiest} keeps streams steadiest.");

    static string Busy(ArchitectureStudy study)
    {
        var uneven = study.Cells.Where(cell => cell.Runs.Target.Transport is not null).MaxBy(cell => Math.Abs(StudySummaries.Busy(cell, 0) - StudySummaries.Busy(cell, cell.Runs.Target.Engines.Count - 1)))!;
        return double.IsNaN(StudySummaries.Busy(uneven, 0)) ? StudySummaries.BusyUnknown
            : FormattableString.Invariant($"The pair was least even under {uneven.Mix.Name} at {uneven.RequestsPerSecond:0.#}/s: its prefill node was busy {StudySummaries.Busy(uneven, 0):0} % of the time, its decode node {StudySummaries.Busy(uneven, uneven.Runs.Target.Engines.Count - 1):0} %.");
    }
}
