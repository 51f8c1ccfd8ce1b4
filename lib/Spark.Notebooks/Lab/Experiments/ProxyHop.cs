using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>What a gateway adds: the same requests to the same engine, directly and through it, in turns and one at a time.</summary>
public sealed record ProxyHop(RepeatedRun Direct, RepeatedRun Through)
{
    /// <summary>In ms, a value a request and repeat: its TTFT through the gateway less its TTFT without.</summary>
    public Distribution Ttft => Paired(request => request.Ttft);

    /// <summary>In ms, likewise for the last token.</summary>
    public Distribution E2el => Paired(request => request.E2el);

    internal Provenance Provenance => Provenance.Of([Direct, Through], "a request's hop is its latency through the gateway less its latency without");

    /// <summary>Opens a gateway before the first engine of <paramref name="single"/> for as long as it measures.</summary>
    public static async Task<ProxyHop> MeasureAsync(Deployment single, Knobs knobs, CancellationToken cancellation = default)
    {
        if (single.Engines.Count != 1)
            throw new ArgumentException($"{single.Target.Topology} has several engines: the hop is measured against one that is asked directly.", nameof(single));
        await using var through = await single.BehindGatewayAsync(cancellation: cancellation);
        var workload = await Workload.FromTextAsync(single, knobs, cancellation);
        var runs = await Turns.TakeAsync("proxy hop", [single.Direct, through.Target], knobs.Repeats, target => LoadRun.ClosedLoopAsync(target, workload, 1, cancellation));
        return new(runs[0], runs[1]);
    }

    public Table Summary()
    {
        (string Name, Func<RequestTimeline, TimeSpan> Of, Distribution Hop)[] rows = [("TTFT", request => request.Ttft, Ttft), ("E2EL", request => request.E2el, E2el)];
        return new(
            "What the proxy hop costs a request",
            new(
                Words("latency", rows.Select(row => row.Name)),
                Numbers("direct, median (ms)", rows.Select(row => Direct.Pooled(row.Of).Median)),
                Numbers("gateway, median (ms)", rows.Select(row => Through.Pooled(row.Of).Median)),
                Numbers("hop, median (ms)", rows.Select(row => row.Hop.Median)),
                Words("95 % interval of that (ms)", rows.Select(row => $"{Figures.Show(row.Hop.MedianInterval.From)} to {Figures.Show(row.Hop.MedianInterval.To)}")),
                Numbers("hop, p10 (ms)", rows.Select(row => row.Hop.Percentile(10))),
                Numbers("hop, p90 (ms)", rows.Select(row => row.Hop.P90)),
                Numbers("pairs", rows.Select(row => (double)row.Hop.Count))),
            Provenance);
    }

    Distribution Paired(Func<RequestTimeline, TimeSpan> latency) =>
        new(Direct.Pooled(latency).Values.Zip(Through.Pooled(latency).Values, (direct, through) => through - direct), "ms");
}
