namespace Spark.Notebooks;

public sealed partial record LoadRun
{
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

    /// <summary>Requests that kept what is promised, as a share and a second.</summary>
    public Goodput Goodput(Slo slo) => Notebooks.Goodput.Of(Answered, OfferedTime, slo);

    /// <summary>The time in which an open loop's requests were due; for a closed one, whose requests are due when others end, all of <see cref="Duration"/>.</summary>
    internal TimeSpan OfferedTime => Schedule is [.., var last] ? last : Duration;

    /// <summary>The rate that an open loop asked for; null for a closed one.</summary>
    public double? OfferedRequestsPerSecond => Schedule is [.., var last] ? Schedule.Count / last.TotalSeconds : null;

    /// <summary>In ms, how much later than due the client sent its requests; a client that is late measures itself. Null for a closed loop.</summary>
    public Distribution? Lag => Schedule is null ? null : Distribution.OfMilliseconds(Requests.Select(request => request.Sent - Schedule[request.Index]));

    /// <summary>
    /// Whether an open loop asked for more than was served: after the last request was sent, clearing what was left took longer than a tenth of the schedule
    /// and the median latency of the run's first quarter together.
    /// </summary>
    public bool IsSaturated
    {
        get
        {
            if (Schedule is null)
                return false;
            var atFirst = Distribution.OfMilliseconds(Answered.Take((Answered.Count + 3) / 4).Select(request => request.E2el)).Median;
            var clearing = Answered.Max(request => request.TokenTimes[^1]) - Answered.Max(request => request.Sent);
            return clearing.TotalMilliseconds > atFirst + (0.1 * Schedule[^1].TotalMilliseconds);
        }
    }

    IReadOnlyList<RequestTimeline> Answered => Failed == 0 ? Requests : throw new InvalidOperationException($"This run has no throughput and no latencies: {Failure()}");
}
