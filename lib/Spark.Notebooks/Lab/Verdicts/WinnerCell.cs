namespace Spark.Notebooks;

/// <summary>Two architectures' goodput at one prompt length, output length and rate, in good requests a second.</summary>
public sealed record WinnerCell
{
    public required WorkloadMix Mix { get; init; }
    public required double Multiple { get; init; }
    public required double RequestsPerSecond { get; init; }

    /// <summary>Of the contestants in the study's order, by name.</summary>
    public required IReadOnlyDictionary<string, double> Goodput { get; init; }

    /// <summary>An architecture's name, or <see cref="Comparison.TooClose"/>.</summary>
    public required string Winner { get; init; }

    /// <summary>Last contestant against first, −1 (only the first has any goodput) to 1.</summary>
    public double Advantage
    {
        get
        {
            var (first, last) = (Goodput.Values.First(), Goodput.Values.Last());
            return Math.Max(first, last) > 0 ? (last - first) / Math.Max(first, last) : 0;
        }
    }

    internal static WinnerCell Of(VerdictRow row) => Create(row, row.Contestants.ToDictionary(cell => cell.Architecture, cell => cell.Goodput.Median), row.Winner);

    /// <summary>Too close by the measure of <see cref="Comparison.LeastEffect"/> and of one request, since a model has no repeats.</summary>
    internal static WinnerCell Predicted(VerdictRow row, ServingModel model)
    {
        var goodput = row.Contestants.ToDictionary(cell => cell.Architecture, cell => model.Goodput(cell));
        var best = goodput.MaxBy(entry => entry.Value);
        var oneRequest = Metric.Goodput(row.Slo).OneRequest(row.Contestants[0].Runs.Runs[0]);
        var apart = goodput.All(other => other.Key == best.Key || Comparison.Apart(best.Value, other.Value, oneRequest));
        return Create(row, goodput, apart ? best.Key : Comparison.TooClose);
    }

    static WinnerCell Create(VerdictRow row, IReadOnlyDictionary<string, double> goodput, string winner) =>
        new() { Mix = row.Mix, Multiple = row.Multiple, RequestsPerSecond = row.RequestsPerSecond, Goodput = goodput, Winner = winner };
}
