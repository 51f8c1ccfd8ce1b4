using CsCheck;

namespace Spark.Notebooks.Tests;

public class PlanningArrivals
{
    static readonly Gen<(int Count, double Rate, int Seed)> Plans = Gen.Select(Gen.Int[1, 300], Gen.Double[0.1, 500], Gen.Int[0, 1_000_000]);

    [Fact]
    public void A_Poisson_schedule_rises_and_ends_at_exactly_count_over_rate() => Plans.Sample(plan =>
    {
        var times = ArrivalSchedule.Poisson(plan.Count, plan.Rate, new(plan.Seed));
        return times.Count == plan.Count && times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second) && times[0] > TimeSpan.Zero
            && Math.Abs(times[^1].TotalSeconds - (plan.Count / plan.Rate)) < 1e-6;
    });

    [Fact]
    public void The_same_seed_gives_the_same_schedule_and_another_seed_another() => Plans.Sample(plan =>
        ArrivalSchedule.Poisson(plan.Count, plan.Rate, new(plan.Seed)).SequenceEqual(ArrivalSchedule.Poisson(plan.Count, plan.Rate, new(plan.Seed)))
        && (plan.Count < 3 || !ArrivalSchedule.Poisson(plan.Count, plan.Rate, new(plan.Seed)).SequenceEqual(ArrivalSchedule.Poisson(plan.Count, plan.Rate, new(plan.Seed + 1)))));

    [Fact]
    public void A_constant_schedule_has_equal_gaps() => Plans.Sample(plan =>
    {
        var times = ArrivalSchedule.Constant(plan.Count, plan.Rate).Prepend(TimeSpan.Zero).ToArray();
        return times.Zip(times.Skip(1), (a, b) => (b - a).TotalSeconds).All(gap => Math.Abs(gap - (1 / plan.Rate)) < 1e-6);
    });

    [Fact]
    public void Poisson_gaps_vary_as_much_as_their_mean()
    {
        var times = ArrivalSchedule.Poisson(20_000, 10, new(7)).Prepend(TimeSpan.Zero).ToArray();
        var gaps = new Distribution(times.Zip(times.Skip(1), (a, b) => (b - a).TotalSeconds), "s");
        Assert.InRange(gaps.Std / gaps.Mean, 0.97, 1.03);
        Assert.InRange(gaps.Median / gaps.Mean, Math.Log(2) - 0.03, Math.Log(2) + 0.03);
    }

    [Fact]
    public void A_rate_of_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => ArrivalSchedule.Poisson(3, 0, new(1)));
}
