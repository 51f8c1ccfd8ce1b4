namespace Spark.Notebooks;

/// <summary>
/// Architectures under the same open-loop load, in turns: the one grid that load–latency curves, goodput, the winner map, the nodes' use and the verdict are read from.
/// </summary>
/// <param name="Baselines">An entry a mix, measured on the first architecture.</param>
/// <param name="Cells">An entry an architecture, mix and rate. An architecture of fewer nodes is spared rates beyond what its nodes can serve.</param>
public sealed record ArchitectureStudy(StudyPlan Plan, IReadOnlyList<MixBaseline> Baselines, IReadOnlyList<StudyCell> Cells)
{
    internal Provenance Provenance => Provenance.Of([.. Cells.Select(cell => cell.Runs)], FormattableString.Invariant(
        $"Poisson arrivals for {Plan.Window.TotalSeconds:0.#} s or {Plan.LeastRequests} requests, at {string.Join(" and ", Plan.Rates)} times what one node serves at most; architectures in turns"));

    /// <param name="architectures">The first is a single node behind a gateway, on which the SLO and the rates are found.</param>
    /// <exception cref="ArgumentException">The first has several engines, or is not asked through a gateway.</exception>
    /// <exception cref="InvalidOperationException">A request failed.</exception>
    public static async Task<ArchitectureStudy> RunAsync(IReadOnlyList<Deployment> architectures, StudyPlan plan, CancellationToken cancellation = default)
    {
        if (architectures[0] is not { Engines.Count: 1, Gateway: not null } single)
            throw new ArgumentException("The first architecture must be Topology.Single.BehindGateway(): it sets the SLO and the rates, on the path that all are measured on.", nameof(architectures));
        var baselines = await BaselinesAsync(architectures, plan, cancellation);
        var loads = new List<(MixBaseline Baseline, double Multiple, Workload Workload, Deployment Target)>();
        foreach (var (baseline, multiple) in from baseline in baselines from multiple in plan.Rates select (baseline, multiple))
        {
            var workload = await baseline.Mix.ToWorkloadAsync(single, plan.Requests(multiple * baseline.MostPerSecond), plan.Seed, cancellation);
            loads.AddRange(architectures.Where(target => multiple <= target.Target.Nodes).Select(target => (baseline, multiple, workload, target)));
        }

        var runs = await Turns.TakeAsync("architectures", loads, plan.Repeats, load =>
            LoadRun.OpenLoopAsync(load.Target, load.Workload, load.Multiple * load.Baseline.MostPerSecond, seed: plan.Seed, cancellation: cancellation));
        if (runs.SelectMany(repeated => repeated.Runs).FirstOrDefault(run => run.Failed > 0) is { } failed)
            throw new InvalidOperationException($"{failed.Target.Name}: {failed}. A comparison with failures in it says nothing; look at the engine's log and run the study again.");
        return new(plan, baselines, [.. loads.Zip(runs, (load, repeated) =>
            new StudyCell(load.Baseline.Mix, load.Baseline.Slo, load.Multiple, load.Multiple * load.Baseline.MostPerSecond, repeated))]);
    }

    /// <summary>An entry an architecture.</summary>
    /// <exception cref="KeyNotFoundException">The study has no such mix or rate; the message lists what it has.</exception>
    public IReadOnlyList<StudyCell> Under(string mix, double multiple) => Cells.Where(cell => cell.Mix.Name == mix && cell.Multiple == multiple).ToArray() is { Length: > 0 } found ? found
        : throw new KeyNotFoundException($"The study has no {mix} at {multiple}; it has {string.Join(", ", Plan.Mixes)} at {string.Join(", ", Plan.Rates)}.");

    /// <summary>Where the mean TTFT went, an entry an architecture.</summary>
    public TtftBreakdown[] Breakdowns(string mix, double multiple) => [.. Under(mix, multiple).Select(cell => TtftBreakdown.Of(cell.Runs))];

    internal MixBaseline Baseline(string mix) => Baselines.Single(baseline => baseline.Mix.Name == mix);

    static async Task<MixBaseline[]> BaselinesAsync(IReadOnlyList<Deployment> architectures, StudyPlan plan, CancellationToken cancellation)
    {
        using var progress = new ProgressLine();
        ProgressLine.Silence();
        var mixes = plan.Mixes.Select(WorkloadMix.Named).ToArray();
        // What no other measurement has run yet is compiled and connected here.
        foreach (var architecture in architectures)
            await LoadRun.ClosedLoopAsync(architecture, await mixes[^1].ToWorkloadAsync(architecture, 4, plan.Seed, cancellation), 4, cancellation);
        var baselines = new List<MixBaseline>();
        foreach (var mix in mixes)
        {
            baselines.Add(await MixBaseline.MeasureAsync(architectures[0], mix, plan, cancellation));
            progress.Show("baselines", baselines.Count, mixes.Length);
        }

        progress.Finish(FormattableString.Invariant($"baselines on one node: {baselines.Count} mixes in {progress.Elapsed.TotalSeconds:0.0} s"));
        return [.. baselines];
    }
}
