using System.Globalization;

namespace Spark.Benchmarks;

/// <summary>One line of the table: repeated measurements, each beside the ceiling that was measured next to it in the same run, where there is one.</summary>
sealed record Row
{
    public required string Name { get; init; }

    /// <summary>Of the value and the ceiling.</summary>
    public required string Unit { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>What the ceiling is; null where the value stands for itself.</summary>
    public string? Against { get; init; }

    /// <summary>What the ratio, or without a ceiling the value, is to reach; null for a figure that is only stated.</summary>
    public Reach? Reach { get; init; }

    public double Value => Spread.Of(Samples.Select(sample => sample.Value)).Median;
    public double? Ceiling => Against is null ? null : Spread.Of(Samples.Select(sample => sample.Ceiling!.Value)).Median;

    /// <summary>Of the value to the ceiling measured beside it, pair by pair.</summary>
    public Spread? Ratio => Against is null ? null : Spread.Of(Samples.Select(sample => sample.Value / sample.Ceiling!.Value));

    public bool? IsMet => Reach?.IsMetBy(Ratio?.Median ?? Value);

    public static Row Measure(string name, string unit, int repeats, Func<Sample> measure, string? against = null, Reach? reach = null)
    {
        measure();   // compiles, touches memory, and brings the clock up
        return new() { Name = name, Unit = unit, Samples = [.. Enumerable.Range(0, repeats).Select(_ => measure())], Against = against, Reach = reach };
    }

    public override string ToString()
    {
        var value = Spread.Of(Samples.Select(sample => sample.Value));
        var ratio = Ratio is { } r ? string.Create(CultureInfo.InvariantCulture, $"{r.Median,7:P1} ({r.Lowest:P0} to {r.Highest:P0}) of {Against}") : "";
        var verdict = Reach is null ? "" : $"{Reach}: {(IsMet!.Value ? "met" : "MISSED")}";
        return string.Create(CultureInfo.InvariantCulture, $"{Name,-46} {value.Median,10:#,##0.###} {Unit,-8} ({value.Lowest:#,##0.###} to {value.Highest:#,##0.###})   {ratio}   {verdict}");
    }
}
