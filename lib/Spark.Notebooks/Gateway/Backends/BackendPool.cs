namespace Spark.Notebooks;

/// <summary>The backends of one role, of which a policy chooses among the healthy.</summary>
internal sealed class BackendPool(string role, IReadOnlyList<BackendState> backends, IRoutingPolicy policy)
{
    readonly Lock choosing = new();
    readonly List<BackendState> candidates = [];

    public string Role => role;

    public IReadOnlyList<BackendState> Backends => backends;

    public IEnumerable<BackendState> Healthy => backends.Where(backend => !backend.Health.IsEjected);

    /// <summary>Chooses one and counts the leg as in flight there, in one step, so that no two choices see the same counts; null when none is left.</summary>
    public BackendState? Take()
    {
        lock (choosing)
        {
            candidates.Clear();
            candidates.AddRange(Healthy);
            if (candidates.Count == 0)
                return null;
            Span<int> inFlight = stackalloc int[candidates.Count];
            for (var i = 0; i < inFlight.Length; i++)
                inFlight[i] = candidates[i].InFlight;
            var chosen = candidates[policy.Choose(inFlight)];
            chosen.Begin();
            return chosen;
        }
    }

    public override string ToString() => string.Join("; ", backends);
}
