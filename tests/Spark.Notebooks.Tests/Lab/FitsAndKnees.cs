using CsCheck;

namespace Spark.Notebooks.Tests;

public class FitsAndKnees
{
    [Fact]
    public void A_line_through_points_of_a_line_is_that_line() =>
        Gen.Select(Gen.Double[-10, 10], Gen.Double[0.1, 10]).Sample((intercept, slope) =>
        {
            var fit = Fit.Line(new double[] { 1, 2, 5, 9 }.Select(x => (x, intercept + (slope * x))));
            Assert.Equal(intercept, fit.Intercept, 1e-6);
            Assert.Equal(slope, fit.Slope, 1e-6);
            Assert.Equal(1, fit.RSquared, 1e-6);
        });

    [Fact]
    public void The_fit_of_known_data_is_the_textbook_one()
    {
        // Anscombe's first quartet: y = 3.00 + 0.500 x, R² = 0.67.
        (double, double)[] points = [(10, 8.04), (8, 6.95), (13, 7.58), (9, 8.81), (11, 8.33), (14, 9.96), (6, 7.24), (4, 4.26), (12, 10.84), (7, 4.82), (5, 5.68)];
        var fit = Fit.Line(points);
        Assert.Equal(3.00, fit.Intercept, 2);
        Assert.Equal(0.500, fit.Slope, 3);
        Assert.Equal(0.67, fit.RSquared, 2);
    }

    [Fact]
    public void One_slow_repeat_in_three_does_not_tilt_the_line_of_a_sweep()
    {
        var fit = Fit.Line(Samples.Sweep("TTFT", 16, 128, 1024));
        Assert.Equal(2.2, fit.Intercept, 6);
        Assert.Equal(0.3, fit.Slope, 6);
        Assert.Equal("2.2 ms + 0.3 ms a token (R² = 1.000)", fit.Describe("ms", "token"));
    }

    [Fact]
    public void A_single_x_makes_no_line() => Assert.Throws<ArgumentException>(() => Fit.Line([(1.0, 2.0), (1.0, 3.0)]));

    [Fact]
    public void The_knee_is_where_latency_begins_to_rise_in_proportion()
    {
        var knee = Knee.Of(new double[] { 1, 2, 4, 8, 16 }.Select(load => (load, Math.Min(load, 4), Math.Max(1, load / 4))));
        Assert.Equal(new(4, true), knee);
        Assert.Equal(new(4, true), Knee.Of(Samples.Runs));
    }

    [Theory]
    [InlineData(1e9, 16)]
    [InlineData(0.5, 1)]
    public void A_knee_at_an_end_of_the_range_is_not_inside_it(double capacity, double load)
    {
        var knee = Knee.Of(new double[] { 1, 4, 16 }.Select(load => (load, Math.Min(load, capacity), Math.Max(1, load / capacity))));
        Assert.Equal(new(load, false), knee);
    }
}
