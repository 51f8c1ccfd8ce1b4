namespace Spark.Notebooks;

/// <summary>One measured run of load against a target: every request's timeline, the engine's own counters, and the figures that follow.</summary>
public sealed record LoadRun
{
    /// <summary>How the load arrived, such as <c>closed loop, concurrency 8</c>.</summary>
    public required string Name { get; init; }

    public required LoadTarget Target { get; init; }

    /// <summary>How the workload was made, in words.</summary>
    public required string Recipe { get; init; }

    /// <summary>Most requests in flight at once.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Requests sent before the clock started, which are in no figure.</summary>
    public required int WarmupRequests { get; init; }

    /// <summary>In the workload's order.</summary>
    public required IReadOnlyList<RequestTimeline> Requests { get; init; }

    /// <summary>From the first request's sending to the last one's end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What each engine counted during the run.</summary>
    public required IReadOnlyList<EngineMetrics> Metrics { get; init; }

    /// <summary>Each engine's gauges over the run.</summary>
    public required IReadOnlyList<MetricsSample> Samples { get; init; }

    public int Completed => Requests.Count(request => request.Succeeded);
    public int Failed => Requests.Count - Completed;

    public double RequestsPerSecond => Answered.Count / Duration.TotalSeconds;
    public double OutputTokensPerSecond => Answered.Sum(request => request.OutputTokens) / Duration.TotalSeconds;

    /// <summary>In ms, a value a request.</summary>
    public Distribution Ttft => Distribution.OfMilliseconds(Answered.Select(request => request.Ttft));

    /// <summary>In ms, the gaps of all requests pooled.</summary>
    public Distribution Itl => Distribution.OfMilliseconds(Answered.SelectMany(request => request.Itl));

    /// <summary>In ms, a value a request of at least two tokens.</summary>
    public Distribution Tpot => Distribution.OfMilliseconds(Answered.Select(request => request.Tpot).OfType<TimeSpan>());

    /// <summary>In ms, a value a request.</summary>
    public Distribution E2el => Distribution.OfMilliseconds(Answered.Select(request => request.E2el));

    private IReadOnlyList<RequestTimeline> Answered => Requests.FirstOrDefault(request => !request.Succeeded) is not { } failed
        ? Requests
        : throw new InvalidOperationException(
            $"{Failed} of {Requests.Count} requests failed, so this run has no throughput and no latencies. Request {failed.Index} on {failed.Node}: {failed.Error}");
}
