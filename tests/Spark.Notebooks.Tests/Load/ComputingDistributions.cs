using CsCheck;

namespace Spark.Notebooks.Tests;

public class ComputingDistributions
{
    [Fact]
    public void Statistics_equal_those_that_numpy_computes()
    {
        // numpy: mean, median, percentile (linear) and std of [7, 1, 3, 9, 10]
        var some = new Distribution([7, 1, 3, 9, 10], "ms");
        Assert.Equal((6.0, 7.0, 1.0, 10.0, 5), (some.Mean, some.Median, some.Min, some.Max, some.Count));
        Assert.Equal(9.6, some.P90, 1e-12);
        Assert.Equal(9.8, some.P95, 1e-12);
        Assert.Equal(9.96, some.P99, 1e-12);
        Assert.Equal(Math.Sqrt(12), some.Std, 1e-12);
        Assert.Equal(2, some.Percentile(12.5), 1e-12);
    }

    [Fact]
    public void An_even_count_has_its_median_between_two_values() => Assert.Equal(2.5, new Distribution([4, 1, 2, 3], "ms").Median);

    [Fact]
    public void The_interval_of_a_median_holds_it_in_at_least_93_of_100_samples_of_a_skewed_distribution()
    {
        var random = new Random(1);
        double Exponential() => -Math.Log(1 - random.NextDouble());
        foreach (var count in new[] { 8, 24, 48, 200 })
        {
            var held = Enumerable.Range(0, 2000).Count(_ => new Distribution(Enumerable.Range(0, count).Select(_ => Exponential()), "").MedianInterval is var (from, to) && from <= Math.Log(2) && Math.Log(2) <= to);
            Assert.InRange(held / 2000.0, 0.93, 0.995);
        }
    }

    [Fact]
    public void A_single_value_is_all_of_its_statistics()
    {
        var one = new Distribution([3.25], "ms");
        Assert.Equal((3.25, 3.25, 3.25, 0.0), (one.Median, one.P99, one.Mean, one.Std));
    }

    [Fact]
    public void Values_keep_their_order_and_unit()
    {
        var times = Distribution.OfMilliseconds([TimeSpan.FromSeconds(2), TimeSpan.FromMicroseconds(1500)]);
        Assert.Equal([2000, 1.5], times.Values);
        Assert.Equal("ms", times.Unit);
    }

    [Fact]
    public void Nothing_measured_has_no_statistics()
    {
        var none = new Distribution([], "ms");
        Assert.Equal(0, none.Count);
        Assert.Throws<InvalidOperationException>(() => none.Median);
        Assert.Throws<InvalidOperationException>(() => none.Mean);
        Assert.Throws<InvalidOperationException>(() => none.Min);
    }

    [Fact]
    public void Percentiles_rise_with_the_percentage_and_stay_within_the_values() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 50], Gen.Double[0, 100], Gen.Double[0, 100]).Sample((values, a, b) =>
        {
            var some = new Distribution(values, "ms");
            var (low, high) = (some.Percentile(Math.Min(a, b)), some.Percentile(Math.Max(a, b)));
            return some.Min <= low && low <= high && high <= some.Max && some.Min <= some.Mean + 1e-6 && some.Mean <= some.Max + 1e-6;
        });

    [Fact]
    public void A_percentile_that_falls_on_a_rank_is_that_value() => Gen.Double[-1e6, 1e6].Array[2, 50].Sample(values =>
    {
        var sorted = values.Order().ToArray();
        var some = new Distribution(values, "ms");
        return Enumerable.Range(0, values.Length).All(rank => Math.Abs(some.Percentile(100.0 * rank / (values.Length - 1)) - sorted[rank]) < 1e-6);
    });
}
