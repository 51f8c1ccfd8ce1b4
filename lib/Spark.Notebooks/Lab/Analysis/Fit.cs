namespace Spark.Notebooks;

/// <summary>A least-squares line through points, with the share of their variance that it explains.</summary>
public sealed record Fit(double Intercept, double Slope, double RSquared)
{
    public double At(double x) => Intercept + (Slope * x);

    /// <summary>
    /// Milliseconds over tokens, through a sweep's medians, so that one slow repeat does not tilt it;
    /// relative errors count, so that short prompts matter as much as long ones.
    /// </summary>
    public static Fit Line(Sweep sweep) =>
        Line(sweep.Points.Select(point => ((double)point.Tokens, point.Latency.Median, 1 / Square(point.Latency.Median))));

    public static Fit Line(IEnumerable<(double X, double Y)> points) => Line(points.Select(point => (point.X, point.Y, 1.0)));

    /// <exception cref="ArgumentException">Fewer than two different x.</exception>
    public static Fit Line(IEnumerable<(double X, double Y, double Weight)> points)
    {
        (double X, double Y, double Weight)[] all = [.. points];
        if (all.DistinctBy(point => point.X).Count() < 2)
            throw new ArgumentException("A line needs points at two different x at least.", nameof(points));
        var weight = all.Sum(point => point.Weight);
        var meanX = all.Sum(point => point.Weight * point.X) / weight;
        var meanY = all.Sum(point => point.Weight * point.Y) / weight;
        var slope = all.Sum(point => point.Weight * (point.X - meanX) * (point.Y - meanY)) / all.Sum(point => point.Weight * Square(point.X - meanX));
        var intercept = meanY - (slope * meanX);
        var total = all.Sum(point => point.Weight * Square(point.Y - meanY));
        var left = all.Sum(point => point.Weight * Square(point.Y - intercept - (slope * point.X)));
        return new(intercept, slope, total == 0 ? 1 : 1 - (left / total));
    }

    /// <summary>Such as "3.1 ms + 0.41 ms a token (R² = 0.998)".</summary>
    public string Describe(string unit, string per) =>
        $"{Figures.Show(Intercept, unit)} {(Slope < 0 ? "−" : "+")} {Figures.Show(Math.Abs(Slope), unit)} a {per} (R² = {RSquared:0.000})";

    static double Square(double value) => value * value;
}
