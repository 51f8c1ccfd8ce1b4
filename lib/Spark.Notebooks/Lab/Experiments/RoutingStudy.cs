using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>The same uneven requests over the same engines, routed by several policies in turns.</summary>
/// <param name="Runs">An entry a policy, in the order asked for.</param>
public sealed record RoutingStudy(IReadOnlyList<RepeatedRun> Runs)
{
    internal Provenance Provenance => Provenance.Of(Runs, "policies in turns, on the same engines");

    /// <summary>Opens a gateway with each policy before the engines of <paramref name="replicated"/> for as long as it measures; knobs give concurrency and repeats.</summary>
    public static async Task<RoutingStudy> RunAsync(Deployment replicated, Workload workload, IReadOnlyList<string> policies, Knobs knobs, CancellationToken cancellation = default)
    {
        var fronts = new List<Deployment>();
        try
        {
            foreach (var policy in policies)
                fronts.Add(await replicated.BehindGatewayAsync(policy, cancellation));
            return new(await Turns.TakeAsync("routing policies", fronts, knobs.Repeats, front => LoadRun.ClosedLoopAsync(front, workload, knobs.Concurrency, cancellation)));
        }
        finally
        {
            foreach (var front in fronts)
                await front.DisposeAsync();
        }
    }

    public Table Summary() => new(
        "Routing policies under uneven request lengths",
        new(
            Words("policy", Runs.Select(runs => runs.Target.Policy ?? "none")),
            Numbers("output (tok/s)", Runs, Metric.OutputThroughput.Of),
            Numbers("TTFT p50 (ms)", Runs, Metric.MedianTtft.Of),
            Numbers("TTFT p90 (ms)", Runs, Metric.P90Ttft.Of),
            Numbers("E2EL p50 (ms)", Runs, Metric.MedianE2el.Of),
            Numbers("TTFT p90, lowest repeat", Runs, Metric.P90Ttft.Of, repeats => repeats.Min),
            Numbers("highest", Runs, Metric.P90Ttft.Of, repeats => repeats.Max),
            Numbers("work of the busier node over the mean", Runs, Imbalance)),
        Provenance);

    /// <summary>The most prompt and output tokens that any engine got, over what each would have got of even shares.</summary>
    internal static double Imbalance(LoadRun run)
    {
        var work = run.Requests.GroupBy(request => request.Node, request => request.PromptTokens + request.OutputTokens).Select(tokens => tokens.Sum()).ToArray();
        return work.Max() * run.Target.Engines.Count / (double)work.Sum();
    }
}
