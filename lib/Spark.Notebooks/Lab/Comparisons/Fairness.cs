namespace Spark.Notebooks;

/// <summary>What must hold of two measurements before their ratio says anything.</summary>
internal static class Fairness
{
    /// <summary>Why they may not be compared; none for a fair pair.</summary>
    public static IReadOnlyList<string> Objections(RepeatedRun a, RepeatedRun b, Difference stated) =>
        [.. a.Runs.Concat(b.Runs).SelectMany(OfRun).Distinct(), .. OfPair([.. a.Runs, .. b.Runs], stated)];

    static IEnumerable<string> OfRun(LoadRun run)
    {
        var name = run.Target.Name;
        var computedElsewhere = run.Requests.Count(request => request.Routed?.Prefill?.Status == 200);
        if (run.Failed > 0)
            yield return $"{name}: {Figures.Count(run.Failed, "request")} failed";
        if (run.ShortRequests > 0)
            yield return $"{name}: {Figures.Count(run.ShortRequests, "request")} got fewer tokens than asked for";
        if (!run.IdentityProven)
            yield return $"{name}: nobody proved that its engines are the ones that were started";
        if (!run.EnginesAgree)
            yield return $"{name}: the engines count {run.Metrics.Sum(engine => engine.GenerationTokens)} generated tokens, the client received {run.Requests.Sum(request => request.OutputTokens)}"
                + (computedElsewhere > 0 ? $" and had {computedElsewhere} prompts computed elsewhere" : "");
        if (run.Target.Path == LoadTarget.ThroughGateway && run.Requests.Any(request => request.Routed is null))
            yield return $"{name}: the gateway does not know what became of {Figures.Count(run.Requests.Count(request => request.Routed is null), "request")}";
        if (run.Fallbacks > 0)
            yield return $"{name}: {Figures.Count(run.Fallbacks, "request")} fell back to a prefill on the decode engine ({run.Requests.First(request => request.Routed?.Fallback is not null).Routed!.Fallback})";
        if (computedElsewhere > 0 && run.Metrics.Sum(engine => engine.BytesTransferred) == 0)
            yield return $"{name}: prompts were computed on one engine and no KV blocks reached the other";
    }

    static IEnumerable<string> OfPair(LoadRun[] runs, Difference stated)
    {
        if (runs.DistinctBy(run => run.Target.ModelName).Count() > 1)
            yield return $"the models differ ({string.Join(" against ", runs.Select(run => run.Target.ModelName).Distinct())})";
        if (!stated.HasFlag(Difference.Workload) && runs.DistinctBy(run => run.Fingerprint).Count() > 1)
            yield return $"the workloads differ ({string.Join(" against ", runs.Select(run => run.Recipe).Distinct())})";
        if (!stated.HasFlag(Difference.Workload) && runs.DistinctBy(run => run.Name).Count() > 1)
            yield return $"the load arrives differently ({string.Join(" against ", runs.Select(run => run.Name).Distinct())})";
        if (!stated.HasFlag(Difference.Path) && runs.DistinctBy(run => run.Target.Path).Count() > 1)
            yield return "one is asked directly, the other through the gateway: measure both on one path";
        if (!stated.HasFlag(Difference.Hardware) && runs.DistinctBy(run => run.Target.Nodes).Count() > 1)
            yield return $"one has {string.Join(", the other ", runs.Select(run => Figures.Count(run.Target.Nodes, "node")).Distinct())}: more hardware is no better architecture";
    }
}
