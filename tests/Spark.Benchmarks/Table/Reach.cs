using System.Globalization;

namespace Spark.Benchmarks;

/// <summary>What a row is to reach: a least or a most, of its ratio or of its value.</summary>
/// <param name="Unit">Empty for a ratio.</param>
sealed record Reach(double Bound, bool IsLeast, string Unit = "")
{
    public static Reach AtLeast(double ratio) => new(ratio, true);

    public static Reach AtMost(double bound, string unit = "") => new(bound, false, unit);

    public bool IsMetBy(double value) => IsLeast ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsLeast ? '≥' : '≤')} {(Unit.Length == 0 ? $"{Bound:P0}" : $"{Bound:0.##} {Unit}")}");
}
