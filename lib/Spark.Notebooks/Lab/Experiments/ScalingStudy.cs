using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>One node against several behind the same kind of gateway, over the number of clients; every client sends the same number of requests.</summary>
/// <param name="Single">A <see cref="RepeatedRun"/> a level, by rising concurrency.</param>
/// <param name="Replicated">At the same levels, with the same requests.</param>
public sealed record ScalingStudy(IReadOnlyList<RepeatedRun> Single, IReadOnlyList<RepeatedRun> Replicated)
{
    internal Provenance Provenance => Provenance.Of([.. Single, .. Replicated], "both in turns at every level, medians");

    internal int Nodes => Replicated[0].Target.Engines.Count;

    /// <summary>Knobs give lengths, repeats and seed; their number of requests is what each client sends.</summary>
    public static async Task<ScalingStudy> RunAsync(Deployment single, Deployment replicated, IReadOnlyList<int> concurrency, Knobs knobs, CancellationToken cancellation = default)
    {
        var loads = new List<(int Level, Workload Workload, Deployment Target)>();
        foreach (var level in concurrency.Order())
        {
            var workload = await Workload.FromTextAsync(single, knobs with { Requests = level * knobs.Requests }, cancellation);
            loads.AddRange([(level, workload, single), (level, workload, replicated)]);
        }

        var runs = await Turns.TakeAsync("scaling", loads, knobs.Repeats, load => LoadRun.ClosedLoopAsync(load.Target, load.Workload, load.Level, cancellation));
        return new([.. runs.Where((_, i) => i % 2 == 0)], [.. runs.Where((_, i) => i % 2 == 1)]);
    }

    /// <summary>The same total load on one node and on all of them.</summary>
    public IEnumerable<(int Concurrency, Comparison Comparison)> Strong(Metric metric) =>
        Single.Zip(Replicated, (single, replicated) => (single.Runs[0].Concurrency, Comparison.Of(metric, single, replicated, Difference.Hardware)));

    /// <summary>The same load on every node: as many times the clients as there are times the nodes, at the levels where both were measured.</summary>
    public IEnumerable<(int Concurrency, Comparison Comparison)> Weak(Metric metric) =>
        from single in Single
        from replicated in Replicated
        where replicated.Runs[0].Concurrency == Nodes * single.Runs[0].Concurrency
        select (single.Runs[0].Concurrency, Comparison.Of(metric, single, replicated, Difference.Hardware | Difference.Workload));

    public Table Summary() => new(
        "One node against several",
        new(
            Numbers("clients", Single.Select(runs => (double)runs.Runs[0].Concurrency)),
            Numbers("single (tok/s)", Single, Metric.OutputThroughput.Of),
            Numbers("replicated (tok/s)", Replicated, Metric.OutputThroughput.Of),
            Words("strong scaling", Strong(Metric.OutputThroughput).Select(entry => Say(entry.Comparison))),
            Words("weak scaling", Single.Select(runs => Weak(Metric.OutputThroughput).Where(entry => entry.Concurrency == runs.Runs[0].Concurrency).Select(entry => Say(entry.Comparison)).FirstOrDefault("–"))),
            Numbers("single TTFT p50 (ms)", Single, Metric.MedianTtft.Of),
            Numbers("replicated TTFT p50 (ms)", Replicated, Metric.MedianTtft.Of),
            Numbers("single E2EL p50 (ms)", Single, Metric.MedianE2el.Of),
            Numbers("replicated E2EL p50 (ms)", Replicated, Metric.MedianE2el.Of)),
        Provenance);

    static string Say(Comparison comparison) => comparison.Winner switch
    {
        null => "refused",
        Comparison.TooClose => Comparison.TooClose,
        _ => Figures.Ratio(comparison.Ratio!.Value),
    };
}
