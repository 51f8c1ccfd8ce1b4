namespace Spark.Notebooks;

/// <summary>Which architecture serves which workload best on the same nodes, computed from a study; by goodput, with TTFT and ITL beside it.</summary>
public sealed record ArchitectureVerdict(IReadOnlyList<VerdictRow> Rows, ArchitectureStudy Study) : Display
{
    static readonly Metric[] Latencies = [Metric.MedianTtft, Metric.P99Ttft, Metric.MedianItl, Metric.P99Itl];
    static readonly Metric[] Judged = [Metric.MedianTtft, Metric.P99Itl];

    /// <summary>Share of core time that may go to other programs before a verdict says so.</summary>
    const double MostOthers = 0.15;

    /// <summary>Workloads won by each architecture, undecided ones under <see cref="Comparison.TooClose"/>.</summary>
    public IReadOnlyDictionary<string, int> Wins => Rows.CountBy(row => row.Winner).ToDictionary();

    /// <summary>What it comes to, whichever way it went.</summary>
    public string Sentence
    {
        get
        {
            var contestants = Rows[0].Contestants.Select(cell => cell.Architecture).ToArray();
            var wins = string.Join(", ", contestants.Select(name => $"{name} {Wins.GetValueOrDefault(name)}"));
            var open = Rows.Count - contestants.Sum(name => Wins.GetValueOrDefault(name));
            var lost = Rows.Where(row => row.Contestants.Any(cell => cell.Architecture == row.Winner && cell.Runs.Target.Transport is null)).ToArray();
            return $"Of {Rows.Count} workloads, by goodput: {wins}, {Comparison.TooClose} {open}. "
                + (lost.Length == 0 ? "Disaggregation lost none." : $"Disaggregation loses {string.Join(", ", lost.Select(row => FormattableString.Invariant($"{row.Mix.Name} at {row.RequestsPerSecond:0.#}/s")))}.");
        }
    }

    public Table ToTable()
    {
        (VerdictRow Row, StudyCell Cell)[] lines = [.. Rows.SelectMany(row => row.Cells, (row, cell) => (row, cell))];
        return new(
            "Verdict",
            new([
                Table.Words("workload", lines.Select(line => line.Row.Mix.Name)),
                Table.Numbers("offered (requests/s)", lines.Select(line => line.Row.RequestsPerSecond)),
                Table.Numbers("requests a repeat", lines.Select(line => (double)line.Cell.Runs.Runs[0].Requests.Count)),
                Table.Words("winner", Once(row => row.Winner)),
                Table.Words("architecture", lines.Select(line => line.Cell.Architecture)),
                Table.Words("goodput (requests/s)", lines.Select(line => Spread(line.Cell.Goodput))),
                .. Latencies.Select(metric => Table.Words($"{metric.Name} ({metric.Unit})", lines.Select(line => Spread(metric.Over(line.Cell.Runs))))),
                .. Judged.Select(metric => Table.Words($"by {metric.Name}", Once(row => row.Best(metric)))),
            ]),
            Study.Provenance);

        IEnumerable<string> Once(Func<VerdictRow, string> of) => lines.Select(line => line.Cell == line.Row.Cells[0] ? of(line.Row) : "");
    }

    /// <summary>Writes <c>data/results/NN_verdict.json</c>, NN being the current module.</summary>
    public SavedResults Save() => VerdictFile.Save(this, Path.Combine(DataFolder.Results, $"{Lesson.Current.Number}_verdict.json"), TimeProvider.System);

    /// <summary>A word of warning where other programs had much of the machine; empty on a quiet one.</summary>
    public string Disturbance
    {
        get
        {
            var shares = Study.Cells.SelectMany(cell => cell.Runs.Runs).Select(run => run.Cpu).OfType<CpuUse>().Select(cpu => (cpu.Others ?? TimeSpan.Zero) / (cpu.Duration * cpu.Cores)).ToArray();
            var median = shares.Length > 0 ? new Distribution(shares, "").Median : 0;
            return median < MostOthers ? "" : FormattableString.Invariant($" The machine was not quiet: other programs took {median:0 %} of its core time in the median run, so close what else runs and measure again.");
        }
    }

    public override string ToHtml() => Box(Palette.Neutral, $"<b>{Escape(Sentence)}</b> {Escape(Rule + Disturbance)}") + ToTable().ToHtml();

    public override string ToText() => $"{Sentence}{Disturbance} {ToTable().ToText()}";

    string Rule => FormattableString.Invariant(
        $"Figures are medians, with the lowest and the highest of {Study.Plan.Repeats} repeats. An architecture wins where none of its repeats reaches any of the others' and the medians differ by more than {Comparison.LeastEffect:0 %} and by more than one request. Every repeat replays the same arrivals, so that the spread is the machine's alone. ")
        + (Rows.Any(row => row.Cells.Count > row.Contestants.Count) ? "The single node has half the hardware: it is a reference and cannot win." : "");

    static string Spread(Distribution values) => $"{Figures.Show(values.Median)} ({Figures.Show(values.Min)}–{Figures.Show(values.Max)})";
}
