namespace Spark.Notebooks;

/// <summary>Where figures come from, said under every chart and table: measured now, recorded earlier, or computed.</summary>
public sealed record Provenance
{
    const int MostRecipes = 2;

    Provenance(string kind, string text) => (Kind, Text) = (kind, text);

    public string Kind { get; }
    public string Text { get; }

    public static Provenance Measured(string how) => new("measured", $"Measured in this session: {how}");

    public static Provenance Recorded(string what, string flaws) => new("recorded", $"Recorded: {what}. Known flaws: {flaws}");

    /// <summary>Recordings shown together, each once.</summary>
    public static Provenance All(params IEnumerable<Provenance> parts) => new("recorded", string.Join(". ", parts.Select(part => part.Text).Distinct()));

    public static Provenance Computed(string formula) => new("computed", $"Computed: {formula}");

    /// <summary>Of a series of this session.</summary>
    public static Provenance Of(Series series) => new("measured", series.Provenance);

    public static Provenance Of(LoadRun run) => Measured($"{Describe(run.Target)}; {run.Name}; {run.Recipe}; {Figures.Count(run.WarmupRequests, "warm-up request")} left out");

    public static Provenance Of(Sweep sweep) => Measured($"{Describe(sweep.Target)}; one request at a time, {sweep.Points.Min(point => point.Repeats.Count)} "
        + $"repeats a point; {Figures.Count(sweep.WarmupRequests, "warm-up request")} left out");

    /// <summary>Of runs at several loads that differ in their concurrency alone.</summary>
    public static Provenance Of(IReadOnlyList<RepeatedRun> runs)
    {
        var (first, last) = (runs[0].Runs[0], runs[^1].Runs[0]);
        return Measured($"{Describe(first.Target)}; {first.Name} to {last.Concurrency}, {Figures.Count(runs[0].Runs.Count, "run")} a point; {first.Recipe}; "
            + "before each run as many warm-up requests as are in flight, left out");
    }

    public static Provenance Of(NodeLink link) => Measured($"a process on {link.To} pulls from one on {link.From} over {link.Transport}, {(link.Pinned ? "both pinned to their cores" : "not pinned")}; "
        + $"{link.Messages.Min(message => message.Microseconds.Count)} pulls of a size or more; every message comes from another part of {link.Region}, mapped before, and is checked");

    public static Provenance Of(Contention contention) => Measured($"{string.Join(", ", contention.Alone.Select(rates => rates.Node))}, {(contention.Alone.All(rates => rates.Pinned) ? "pinned to their cores" : "not pinned")}: "
        + "multiply-adds on registers, then reads of a buffer, in slices of some 20 ms, first each alone, then all from the same moment on");

    /// <summary>Of an experiment's runs, whatever they differ in, with how it was done and what kept the cores from the engines.</summary>
    public static Provenance Of(IReadOnlyList<RepeatedRun> runs, string how)
    {
        LoadRun[] all = [.. runs.SelectMany(repeated => repeated.Runs)];
        return Measured($"{string.Join("; ", all.Select(run => Describe(run.Target)).Distinct())}; {how}; {Figures.Count(runs.Min(repeated => repeated.Runs.Count), "repeat")} each; "
            + (all.Select(run => run.Recipe).Distinct().ToArray() is { Length: <= MostRecipes } recipes ? string.Join("; ", recipes) : "prompts are text of data/prompts/tales.txt") + Overhead(all));
    }

    static string Overhead(LoadRun[] runs) => runs.Select(run => run.Cpu?.OverheadShare).OfType<double>().ToArray() is { Length: > 0 } shares
        ? FormattableString.Invariant($"; {(runs.All(run => run.Cpu?.Others is null) ? "client and gateway" : "client, gateway and all else")} took {100 * shares.Min():0} to {100 * shares.Max():0} % of the machine's core time")
        : "";

    public static Provenance Of(KvMoves moves) => Measured($"{moves.Where}; {moves.Moves.Min(move => move.Transfer.Count)} new prompts of a length, one at a time, transports in turns, medians; transfer and prefill by the engines' clocks, "
        + "TTFT by the client's, an answer of one token; the first pull of each pair and two more as warm-up left out");

    public static string Describe(LoadTarget target) =>
        $"{target.Name}, {string.Join(", ", target.Engines.Select(engine => $"{engine.RunId} on {engine.Node}"))}";

    public override string ToString() => Text;
}
