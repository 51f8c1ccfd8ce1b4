using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>A run by the node that answered.</summary>
public static class NodeSummaries
{
    /// <summary>What every engine of the target had to do, and how the requests that it answered fared.</summary>
    public static Table ByNode(this LoadRun run)
    {
        var engines = run.Target.Engines;
        RequestTimeline[][] answered = [.. engines.Select(engine => run.Requests.Where(request => request.Succeeded && request.Node == engine.Node).ToArray())];
        return new(
            "What each node did",
            new(
                Words("node", engines.Select(engine => engine.Node)),
                Words("role", engines.Select(engine => engine.Role == EngineRole.Both ? "serve" : $"{engine.Role}".ToLowerInvariant())),
                Numbers("requests answered", answered.Select(requests => (double)requests.Length)),
                Counted("prompt tokens", metrics => metrics.PromptTokens),
                Counted("output tokens", metrics => metrics.GenerationTokens),
                Numbers("busy (%)", engines.Select(engine => 100 * (run.Cpu?.Busy(engine) ?? double.NaN))),
                Latency("TTFT p50 (ms)", request => request.Ttft),
                Latency("E2EL p50 (ms)", request => request.E2el)),
            Provenance.Of(run));

        Microsoft.Data.Analysis.DoubleDataFrameColumn Counted(string name, Func<EngineMetrics, long> count) =>
            Numbers(name, engines.Select(engine => run.Metrics.FirstOrDefault(metrics => metrics.Node == engine.Node) is { } metrics ? count(metrics) : double.NaN));

        Microsoft.Data.Analysis.DoubleDataFrameColumn Latency(string name, Func<RequestTimeline, TimeSpan> of) =>
            Numbers(name, answered.Select(requests => requests.Length > 0 ? Distribution.OfMilliseconds(requests.Select(of)).Median : double.NaN));
    }
}
