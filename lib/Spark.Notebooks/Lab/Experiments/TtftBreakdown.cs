using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>
/// Where the mean time to first token went, in ms a request: the engines' own counters and the gateway's legs, less one another. Parts add up to the client's mean TTFT.
/// </summary>
public sealed record TtftBreakdown
{
    public required string Name { get; init; }

    /// <summary>Waiting to be scheduled where the prompt was computed.</summary>
    public required double Queue { get; init; }

    /// <summary>From scheduled to first token there.</summary>
    public required double Prefill { get; init; }

    /// <summary>Pulling KV blocks.</summary>
    public required double Transfer { get; init; }

    /// <summary>Waiting on the decode engine besides.</summary>
    public required double DecodeQueue { get; init; }

    /// <summary>The decode engine's step that yields the first token.</summary>
    public required double FirstToken { get; init; }

    /// <summary>What remains: the step that was under way when the request came, since vLLM's scheduler, whose clock the queue is measured by, sees it after that; HTTP, gateway, client.</summary>
    public required double Rest { get; init; }

    /// <summary>What it was measured on.</summary>
    public required RepeatedRun Runs { get; init; }

    public double Total => Queue + Prefill + Transfer + DecodeQueue + FirstToken + Rest;

    internal IEnumerable<(string Part, double Ms)> Parts =>
        [("queue", Queue), ("prefill", Prefill), ("KV transfer", Transfer), ("decode queue", DecodeQueue), ("first token", FirstToken), ("step under way, HTTP", Rest)];

    /// <exception cref="InvalidOperationException">A run failed, or an engine could not be asked at its end.</exception>
    public static TtftBreakdown Of(RepeatedRun runs) => Of(runs, runs.Target.Architecture);

    public static TtftBreakdown Of(RepeatedRun runs, string name)
    {
        var parts = runs.Runs.Select(run => OfRun(run, name)).ToArray();
        return parts[0] with
        {
            Queue = parts.Average(part => part.Queue),
            Prefill = parts.Average(part => part.Prefill),
            Transfer = parts.Average(part => part.Transfer),
            DecodeQueue = parts.Average(part => part.DecodeQueue),
            FirstToken = parts.Average(part => part.FirstToken),
            Rest = parts.Average(part => part.Rest),
            Runs = runs,
        };
    }

    public static Table Summary(params IReadOnlyList<TtftBreakdown> all) => new(
        "Where the mean TTFT goes (ms)",
        new([
            Words("", all.Select(one => one.Name)),
            .. all[0].Parts.Select((part, i) => Numbers(part.Part, all.Select(one => one.Parts.ElementAt(i).Ms))),
            Numbers("TTFT", all.Select(one => one.Total)),
        ]),
        Source(all));

    internal static Provenance Source(IEnumerable<TtftBreakdown> all) =>
        Provenance.Of([.. all.Select(one => one.Runs)], "means; queue, prefill and transfer by the engines' counters, the rest by subtraction from the client's TTFT");

    static TtftBreakdown OfRun(LoadRun run, string name)
    {
        if (run.Metrics.Count == 0)
            throw new InvalidOperationException($"{run.Target.Topology}: an engine could not be asked at the end of the run, so nobody knows where its time went.");
        var roles = run.Target.Engines.ToDictionary(engine => engine.Node, engine => engine.Role);
        var decode = run.Metrics.Where(engine => roles[engine.Node] == EngineRole.Decode).ToArray();
        EngineMetrics[] prefill = [.. run.Metrics.Except(decode)];
        var (queue, first, transfer) = (Sum(prefill, engine => engine.QueueTime), Sum(prefill, engine => engine.PrefillTime), Sum(decode, engine => engine.TransferTime));
        // vLLM counts the wait for KV blocks as time in the queue.
        var (decodeQueue, token) = (Math.Max(0, Sum(decode, engine => engine.QueueTime) - transfer), Sum(decode, engine => engine.PrefillTime));
        return new()
        {
            Name = name,
            Queue = queue,
            Prefill = first,
            Transfer = transfer,
            DecodeQueue = decodeQueue,
            FirstToken = token,
            Rest = run.Ttft.Mean - queue - first - transfer - decodeQueue - token,
            Runs = new([run]),
        };

        double Sum(IEnumerable<EngineMetrics> engines, Func<EngineMetrics, HistogramTotals> histogram) =>
            engines.Sum(engine => histogram(engine).Sum.TotalMilliseconds) / run.Requests.Count;
    }
}
