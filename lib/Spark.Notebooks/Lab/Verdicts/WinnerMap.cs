namespace Spark.Notebooks;

/// <summary>Which architecture wins where: prompt length × output length × rate.</summary>
/// <param name="Source"><c>measured</c> or <c>predicted</c>.</param>
public sealed record WinnerMap(string Source, IReadOnlyList<WinnerCell> Cells, Provenance Provenance)
{
    /// <summary>How far this map is from a measured one of the same grid.</summary>
    public WinnerMapError ErrorAgainst(WinnerMap measured)
    {
        var pairs = Cells.Zip(measured.Cells).ToArray();
        var decided = pairs.Where(pair => pair.Second.Winner != Comparison.TooClose).ToArray();
        return new()
        {
            Cells = pairs.Length,
            SameWinner = pairs.Count(pair => pair.First.Winner == pair.Second.Winner),
            Decided = decided.Length,
            WrongWinner = decided.Count(pair => pair.First.Winner != Comparison.TooClose && pair.First.Winner != pair.Second.Winner),
            Goodput = new(
                pairs.SelectMany(pair => pair.Second.Goodput.Where(entry => entry.Value > 0).Select(entry => 100 * Math.Abs((pair.First.Goodput[entry.Key] / entry.Value) - 1))),
                "%"),
        };
    }
}
