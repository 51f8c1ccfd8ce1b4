namespace Spark.Notebooks;

/// <summary>What users of a service are promised, a request at a time; a bound that is null is not asked for. <c>vllm bench serve --goodput</c> knows all of them but <see cref="Itl"/>.</summary>
public sealed record Slo
{
    public TimeSpan? Ttft { get; init; }

    /// <summary>For the mean gap between a request's tokens; a request of one token keeps it.</summary>
    public TimeSpan? Tpot { get; init; }

    /// <summary>For the 99th percentile of a request's own gaps: a stall that its mean would hide breaks this one.</summary>
    public TimeSpan? Itl { get; init; }

    public TimeSpan? E2el { get; init; }

    /// <summary>The bounds that a request broke, by name; none for a good one.</summary>
    public IEnumerable<string> BrokenBy(RequestTimeline request)
    {
        if (request.Ttft > Ttft)
            yield return "TTFT";
        if (request.Tpot > Tpot)
            yield return "TPOT";
        if (request.Itl is { Count: > 0 } gaps && Distribution.OfMilliseconds(gaps).P99 > Itl?.TotalMilliseconds)
            yield return "ITL";
        if (request.E2el > E2el)
            yield return "E2EL";
    }

    /// <summary>Such as <c>TTFT ≤ 200 ms, ITL ≤ 50 ms</c>.</summary>
    public override string ToString() => string.Join(", ", new[] { ("TTFT", Ttft), ("TPOT", Tpot), ("ITL", Itl), ("E2EL", E2el) }
        .Where(bound => bound.Item2 is not null).Select(bound => FormattableString.Invariant($"{bound.Item1} ≤ {bound.Item2!.Value.TotalMilliseconds:0.#} ms")));
}
