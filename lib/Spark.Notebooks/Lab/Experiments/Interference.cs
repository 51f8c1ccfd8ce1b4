using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>What long prompts do to those who are decoding, in each architecture, with the same requests at the same times in turns.</summary>
/// <param name="Runs">An entry an architecture.</param>
public sealed record Interference(InterferencePlan Plan, IReadOnlyList<RepeatedRun> Runs)
{
    internal Provenance Provenance => Provenance.Of(Runs, $"{Runs[0].Runs[0].Name}; {Rule}");

    internal string Rule => $"a spike is a gap over {Figures.Show(Plan.SpikeMultiple)} times the run's median gap before the first long prompt";

    public static async Task<Interference> RunAsync(IReadOnlyList<Deployment> architectures, InterferencePlan plan, int repeats, CancellationToken cancellation = default)
    {
        var workload = await plan.ToWorkloadAsync(architectures[0], cancellation);
        return new(plan, await Turns.TakeAsync("interference", architectures, repeats, target => LoadRun.RunAsync(target, workload, plan.ToArrivals(), sampled: false, cancellation)));
    }

    /// <summary>The gaps of all streams, each with the time at which it ended, since the run's start.</summary>
    public IEnumerable<(TimeSpan At, TimeSpan Gap)> Gaps(LoadRun run) =>
        Streams(run).SelectMany(Gaps);

    /// <summary>In ms, those that ended before the first long prompt was sent, and those after; all of them where there are none.</summary>
    public Distribution Quiet(LoadRun run) => Gaps(run, (at, first) => at < first);

    public Distribution Disturbed(LoadRun run) => Gaps(run, (at, first) => at >= first);

    /// <summary>In ms: what a gap is a spike above.</summary>
    public double Threshold(LoadRun run) => Plan.SpikeMultiple * Quiet(run).Median;

    public int Spikes(LoadRun run)
    {
        var threshold = Threshold(run);
        return Disturbed(run).Values.Count(gap => gap > threshold);
    }

    /// <summary>When the long prompts were sent.</summary>
    public IEnumerable<RequestTimeline> LongPrompts(LoadRun run) => run.Requests.Where(request => request.Index >= Plan.Streams);

    public Table Summary() => new(
        "Inter-token latency while long prompts arrive",
        new(
            Words("", Runs.Select(runs => runs.Target.Architecture)),
            Numbers("quiet ITL p50 (ms)", Runs, run => Quiet(run).Median),
            Numbers("then p50 (ms)", Runs, run => Disturbed(run).Median),
            Numbers("p99 (ms)", Runs, run => Disturbed(run).P99),
            Numbers("longest a stream (ms)", Runs, run => Stalls(run).Median),
            Numbers("longest of all (ms)", Runs, run => Disturbed(run).Max),
            Numbers("spikes", Runs, run => Spikes(run)),
            Numbers("spikes, fewest", Runs, run => Spikes(run), spikes => spikes.Min),
            Numbers("most", Runs, run => Spikes(run), spikes => spikes.Max),
            Numbers("TTFT of long prompts (ms)", Runs, run => Distribution.OfMilliseconds(LongPrompts(run).Select(request => request.Ttft)).Median)),
        Provenance);

    /// <summary>In ms, the longest gap after the first long prompt of every stream that still decoded then: the stall that its user sees.</summary>
    public Distribution Stalls(LoadRun run)
    {
        var first = FirstLong(run);
        return Distribution.OfMilliseconds(Streams(run).Select(request => Gaps(request).ToArray()).Where(gaps => gaps.Length > 0)
            .Select(gaps => Some(gaps.Where(gap => gap.At >= first), gaps).Max(gap => gap.Gap)));
    }

    /// <summary>The median stream's longest stall, architecture i against architecture 0.</summary>
    public Comparison Stall(int i = 1) => Stall(Runs[0], Runs[i]);

    /// <summary>The architecture whose streams stall least by more than the spread of the repeats, or <see cref="Comparison.TooClose"/>.</summary>
    public string Steadiest => Runs.FirstOrDefault(runs => Runs.All(other => other == runs || IsSteadier(runs, other)))?.Target.Architecture ?? Comparison.TooClose;

    bool IsSteadier(RepeatedRun runs, RepeatedRun other) => Stall(other, runs) is { IsDecided: true, Ratio: < 1 };

    Comparison Stall(RepeatedRun baseline, RepeatedRun other) =>
        Comparison.Of(new("longest stall of a stream while long prompts arrive", "ms", false, run => Stalls(run).Median), baseline, other);

    Distribution Gaps(LoadRun run, Func<TimeSpan, TimeSpan, bool> counts)
    {
        var first = FirstLong(run);
        var all = Gaps(run).ToArray();
        return Distribution.OfMilliseconds(Some(all.Where(gap => counts(gap.At, first)), all).Select(gap => gap.Gap));
    }

    // A machine so slow that no token came before the long prompts, or so fast that none came after, has only one kind of gap.
    static IEnumerable<T> Some<T>(IEnumerable<T> wanted, T[] all) => wanted.ToArray() is { Length: > 0 } found ? found : all;

    static IEnumerable<(TimeSpan At, TimeSpan Gap)> Gaps(RequestTimeline request) => request.TokenTimes.Skip(1).Zip(request.Itl);

    IEnumerable<RequestTimeline> Streams(LoadRun run) => run.Requests.Where(request => request.Index < Plan.Streams);

    TimeSpan FirstLong(LoadRun run) => LongPrompts(run).Min(request => request.Sent);
}
