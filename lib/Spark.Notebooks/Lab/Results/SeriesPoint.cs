namespace Spark.Notebooks;

/// <summary>All repeats at one x, in the order in which they were measured.</summary>
public sealed record SeriesPoint(double X, IReadOnlyList<double> Values)
{
    public double Median => new Distribution(Values, "").Median;
    public double Min => Values.Min();
    public double Max => Values.Max();
}
