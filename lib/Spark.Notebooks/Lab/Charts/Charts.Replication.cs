namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Median latencies of one node asked directly, with what the gateway adds as a bar part of its own.</summary>
    public static Chart ProxyHop(ProxyHop hop)
    {
        (string Name, Func<RequestTimeline, TimeSpan> Of, Distribution Hop)[] latencies = [("TTFT", request => request.Ttft, hop.Ttft), ("E2EL", request => request.E2el, hop.E2el)];
        return ChartLayout.Chart(
            "What the proxy hop adds to one node's latencies",
            string.Join(", ", latencies.Select(latency => $"{latency.Name} {Figures.Show(hop.Direct.Pooled(latency.Of).Median, "ms")} directly, proxy hop {Figures.Show(latency.Hop.Median, "ms")}")),
            hop.Provenance,
            plotHeight: 180,
            [
                Part("one node, asked directly", Palette.Single, latencies.Select(latency => latency.Name), latencies.Select(latency => hop.Direct.Pooled(latency.Of).Median)),
                Part("proxy hop", Palette.Transfer, latencies.Select(latency => latency.Name), latencies.Select(latency => Math.Max(0, latency.Hop.Median))),
            ],
            new
            {
                barmode = "stack",
                legend = new { traceorder = "normal" },
                xaxis = ChartLayout.Axis("median latency (ms)", new { rangemode = "tozero" }),
                yaxis = ChartLayout.Axis("latency", new { type = "category", autorange = "reversed" }),
            });
    }

    /// <summary>Routing policies by throughput, latency and evenness.</summary>
    public static Chart Routing(RoutingStudy study)
    {
        var best = study.Runs.MinBy(runs => Metric.P90Ttft.Over(runs).Median)!;
        return Bars(
            "Routing policies under uneven request lengths",
            $"p90 TTFT is lowest with {best.Target.Policy} ({Figures.Show(Metric.P90Ttft.Over(best).Median, "ms")}); "
                + string.Join(", ", study.Runs.Select(runs => $"{runs.Target.Policy} {Figures.Show(Metric.OutputThroughput.Over(runs).Median)} tokens/s")),
            study.Provenance,
            [.. study.Runs.Select(runs => (runs.Target.Policy ?? "none", runs))],
            ("output throughput", Metric.OutputThroughput.Of, "tokens/s"),
            ("p90 TTFT", Metric.P90Ttft.Of, "ms"),
            ("busier node over the mean", RoutingStudy.Imbalance, "times"));
    }

    /// <summary>One node against several over the number of clients: throughput above, with as many times one node's as there are nodes, and end-to-end latency below.</summary>
    public static Chart Scaling(ScalingStudy study)
    {
        var loads = study.Single.Select(runs => runs.Runs[0].Concurrency).ToArray();
        var single = study.Single.Select(runs => runs.OutputTokensPerSecond.Median).ToArray();
        var gains = study.Single.Zip(study.Replicated, (one, many) => many.OutputTokensPerSecond.Median / one.OutputTokensPerSecond.Median).ToArray();
        return ChartLayout.Chart(
            $"One node against {study.Nodes}, the same clients",
            $"{study.Nodes} nodes give {Figures.Ratio(gains[0])} the throughput at {loads[0]} in flight, {Figures.Ratio(gains[^1])} at {loads[^1]}",
            study.Provenance,
            plotHeight: 480,
            [
                Curve("single", Palette.Single, "circle", "y", study.Single, run => run.OutputTokensPerSecond, "tokens/s"),
                Curve("replicated", Palette.Replicated, "square", "y", study.Replicated, run => run.OutputTokensPerSecond, "tokens/s"),
                Line($"{study.Nodes} × single, same clients a node", [.. loads.Select(load => (double)load * study.Nodes).Where(load => load <= loads[^1])],
                    [.. loads.Zip(single).Where(point => point.First * study.Nodes <= loads[^1]).Select(point => study.Nodes * point.Second)], Palette.Neutral, "dash"),
                Curve("single", Palette.Single, "circle", "y2", study.Single, run => run.E2el.Median, "ms"),
                Curve("replicated", Palette.Replicated, "square", "y2", study.Replicated, run => run.E2el.Median, "ms"),
            ],
            new
            {
                xaxis = ChartLayout.Axis("requests in flight", new { type = "log", tickvals = loads, ticktext = loads.Select(load => $"{load}"), anchor = "y2" }),
                yaxis = ChartLayout.Axis("output tokens/s", new { domain = new[] { 0.54, 1 }, rangemode = "tozero" }),
                yaxis2 = ChartLayout.Axis("median end-to-end latency (ms)", new { domain = new[] { 0, 0.46 }, rangemode = "tozero" }),
            },
            "Medians, bars: 10th to 90th percentile of the runs; the dashed line is perfect weak scaling");
    }

    static object Part(string name, string colour, IEnumerable<string> categories, IEnumerable<double> milliseconds) => new
    {
        type = "bar",
        orientation = "h",
        name,
        y = categories,
        x = milliseconds,
        marker = new { color = colour },
        hovertemplate = "%{y}: %{x:.2f} ms<extra>" + name + "</extra>",
    };
}
