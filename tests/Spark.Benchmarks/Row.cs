using System.Globalization;

namespace Spark.Benchmarks;

/// <summary>One line of a table: repeated measurements of a rate, and the ceiling that bounds it.</summary>
/// <param name="PerSecond">Measured rates, such as tokens a second.</param>
/// <param name="CeilingPerSecond">The same rate if the hardware's ceiling were reached.</param>
sealed record Row(string Name, IReadOnlyList<double> PerSecond, double CeilingPerSecond, string Ceiling)
{
    public double Median => PerSecond.Order().ElementAt(PerSecond.Count / 2);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name,-34} {Median,9:N0} tok/s   {PerSecond.Min(),9:N0} to {PerSecond.Max(),-9:N0} {Median / CeilingPerSecond,6:P0} of {Ceiling}");
}
