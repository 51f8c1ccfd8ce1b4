namespace Spark.Notebooks;

/// <summary>One mix at one rate: every architecture's runs, and who wins among those on the same number of nodes.</summary>
/// <param name="Cells">An entry an architecture.</param>
public sealed record VerdictRow(IReadOnlyList<StudyCell> Cells)
{
    public WorkloadMix Mix => Cells[0].Mix;
    public Slo Slo => Cells[0].Slo;
    public double Multiple => Cells[0].Multiple;
    public double RequestsPerSecond => Cells[0].RequestsPerSecond;

    /// <summary>Those on the most nodes; a single node beside them is a reference, not a contestant.</summary>
    public IReadOnlyList<StudyCell> Contestants => [.. Cells.Where(cell => cell.Runs.Target.Nodes == Cells.Max(other => other.Runs.Target.Nodes))];

    /// <summary>By goodput, the judge of this course.</summary>
    public string Winner => Best(Metric.Goodput(Slo));

    /// <summary>Why nobody wins because the runs may not be compared; empty where they may.</summary>
    public IReadOnlyList<string> Objections => [.. Against(Contestants[0], Metric.Goodput(Slo)).SelectMany(comparison => comparison.Objections).Distinct()];

    /// <summary>The architecture that is better than each other one by the rule of <see cref="Comparison.IsDecided"/>, or <see cref="Comparison.TooClose"/>, or that the runs may not be compared.</summary>
    public string Best(Metric metric)
    {
        if (Objections.Count > 0)
            return "not comparable";
        return Contestants.FirstOrDefault(cell => Against(cell, metric).All(comparison => comparison.Winner == cell.Architecture))?.Architecture ?? Comparison.TooClose;
    }

    IEnumerable<Comparison> Against(StudyCell cell, Metric metric) =>
        Contestants.Where(other => other != cell).Select(other => Comparison.Of(metric, other.Runs, cell.Runs));
}
