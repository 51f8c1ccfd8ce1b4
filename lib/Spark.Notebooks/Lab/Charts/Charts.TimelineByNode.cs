using System.Text.Json.Nodes;

namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>
    /// A panel a node, a lane a request: what the gateway's legs and the token times tell of it. With one leg a request waits and prefills until its first token;
    /// with two, the prefill leg stands on its node, and KV transfer and decoding on the other.
    /// </summary>
    /// <exception cref="ArgumentException">The run did not go through the gateway.</exception>
    public static Chart TimelineByNode(LoadRun run)
    {
        RequestTimeline[] answered = [.. run.Requests.Where(request => request is { Succeeded: true, Routed.Answer: not null })];
        if (answered.Length == 0)
            throw new ArgumentException($"{run.Target.Name}: no request of this run passed the gateway, which knows the nodes that each took.", nameof(run));
        var nodes = run.Target.Engines.Select(engine => engine.Node).ToArray();
        var layout = new JsonObject
        {
            ["barmode"] = "overlay",
            ["bargap"] = 0.25,
            ["xaxis"] = ChartLayout.Axis("time since the first request was sent (ms)", new { rangemode = "tozero", anchor = Axis("y", nodes.Length - 1) }),
            ["annotations"] = PlotlyJson.From(run.Target.Engines.Select((engine, panel) => Words(
                $"<b>{engine.Node}</b>{(engine.Role == EngineRole.Both ? "" : $", {engine.Role.ToString().ToLowerInvariant()}")}", "paper", 0, "paper", Rows(panel, nodes.Length)[1]))),
        };
        for (var panel = 0; panel < nodes.Length; panel++)
            layout[Layout("y", panel)] = ChartLayout.Axis("request", new { domain = Rows(panel, nodes.Length), range = new[] { run.Requests.Count - 0.5, -0.5 }, showgrid = false, tickformat = "d", nticks = 8 });
        return ChartLayout.Chart(
            $"{Figures.Count(run.Requests.Count, "request")} over time, by node: {run.Target.Architecture}",
            $"median TTFT {Figures.Show(run.Ttft.Median, "ms")}, median end to end {Figures.Show(run.E2el.Median, "ms")}",
            Provenance.Of(run),
            plotHeight: Math.Clamp(13 * run.Requests.Count, 110, 300) * nodes.Length,
            [
                .. Phase("prefill leg: queued, prefill", Palette.Prefill, answered.Where(IsSplit), request => (request.Routed!.Prefill!.Backend, request.Sent + request.Routed.Prefill.Start, request.Routed.Prefill.Duration)),
                .. Phase("KV transfer, first token", Palette.Transfer, answered.Where(IsSplit), request => (request.Node, request.Sent + request.Routed!.Answer!.Start, request.TokenTimes[0] - request.Sent - request.Routed.Answer.Start)),
                .. Phase("queued, prefill", Palette.Prefill, answered.Where(request => !IsSplit(request)), request => (request.Node, request.Sent, request.Ttft)),
                .. Phase("decoding", Palette.Decode, answered, request => (request.Node, request.TokenTimes[0], request.E2el - request.Ttft)),
            ],
            layout,
            "A leg's time includes its wait in the engine's queue, which no answer tells apart");

        static bool IsSplit(RequestTimeline request) => request.Routed!.Prefill is not null;

        IEnumerable<object> Phase(string name, string colour, IEnumerable<RequestTimeline> requests, Func<RequestTimeline, (string Node, TimeSpan Start, TimeSpan Length)> of) =>
            requests.Select(request => (request.Index, Bar: of(request))).GroupBy(entry => entry.Bar.Node).OrderBy(group => group.Key, StringComparer.Ordinal).Select((group, i) => (object)new
            {
                type = "bar",
                orientation = "h",
                name,
                legendgroup = name,
                showlegend = i == 0,
                yaxis = Axis("y", Array.IndexOf(nodes, group.Key)),
                y = group.Select(entry => entry.Index),
                @base = group.Select(entry => entry.Bar.Start.TotalMilliseconds),
                x = group.Select(entry => Math.Max(0, entry.Bar.Length.TotalMilliseconds)),
                marker = new { color = colour },
                hovertemplate = "request %{y}: %{x:.1f} ms<extra>" + name + "</extra>",
            });
    }
}
