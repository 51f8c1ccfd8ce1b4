using CsCheck;

namespace Spark.Notebooks.Tests;

public class CountingGoodput
{
    static readonly Gen<(RequestTimeline[] Requests, Slo Slo)> Runs = Gen.Select(
        Gen.Select(Gen.Double[1, 500], Gen.Double[0.5, 60], Gen.Int[1, 40], (ttft, itl, output) => Samples.Request(ttftMs: ttft, itlMs: itl, output: output)).Array[1, 30],
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 60], (ttft, itl) => new Slo { Ttft = TimeSpan.FromMilliseconds(ttft), Itl = TimeSpan.FromMilliseconds(itl) }));

    [Fact]
    public void It_counts_what_a_naive_reading_of_the_definition_counts() => Runs.Sample(run =>
    {
        var good = run.Requests.Count(request => request.Ttft <= run.Slo.Ttft && (request.Itl.Count == 0 || Distribution.OfMilliseconds(request.Itl).P99 <= run.Slo.Itl!.Value.TotalMilliseconds));
        var goodput = Goodput.Of(run.Requests, TimeSpan.FromSeconds(2), run.Slo);
        return goodput.Good == good && goodput.RequestsPerSecond == good / 2.0 && goodput.Share == good / (double)run.Requests.Length;
    });

    [Fact]
    public void A_further_bound_never_makes_a_request_good() => Runs.Sample(run =>
        Goodput.Of(run.Requests, TimeSpan.FromSeconds(1), run.Slo).Good <= Math.Min(
            Goodput.Of(run.Requests, TimeSpan.FromSeconds(1), run.Slo with { Itl = null }).Good,
            Goodput.Of(run.Requests, TimeSpan.FromSeconds(1), run.Slo with { Ttft = null }).Good));

    [Fact]
    public void Without_bounds_every_request_is_good() => Runs.Sample(run => Goodput.Of(run.Requests, TimeSpan.FromSeconds(1), new()).Share == 1);

    [Fact]
    public void One_stall_among_many_tokens_breaks_the_bound_on_ITL_though_the_mean_hides_it()
    {
        var smooth = Samples.Request(itlMs: 2, output: 50);
        var stalled = smooth with { TokenTimes = [.. smooth.TokenTimes.Select((time, i) => i < 25 ? time : time + TimeSpan.FromMilliseconds(80))] };
        var slo = new Slo { Tpot = TimeSpan.FromMilliseconds(5), Itl = TimeSpan.FromMilliseconds(20) };
        Assert.Empty(slo.BrokenBy(smooth));
        Assert.Equal(["ITL"], slo.BrokenBy(stalled));
    }

    [Fact]
    public void What_broke_is_counted_by_bound()
    {
        RequestTimeline[] requests = [Samples.Request(ttftMs: 900), Samples.Request(itlMs: 90), Samples.Request(ttftMs: 900, itlMs: 90), Samples.Request()];
        var goodput = Goodput.Of(requests, TimeSpan.FromSeconds(4), new() { Ttft = TimeSpan.FromMilliseconds(100), Itl = TimeSpan.FromMilliseconds(50) });
        Assert.Equal((1, 2, 2), (goodput.Good, goodput.Broken["TTFT"], goodput.Broken["ITL"]));
        Assert.Equal("1 of 4 requests good (25 %), 0.25 a second, with TTFT ≤ 100 ms, ITL ≤ 50 ms", $"{goodput}");
    }
}
