namespace Spark.Notebooks;

/// <summary>A backend in one role: its legs in flight, its counts and its health.</summary>
internal sealed class BackendState(Backend backend, string role, GatewayOptions options, TimeProvider clock)
{
    readonly long[] answers = new long[6];
    int inFlight;
    long served, failed;

    public string Name => backend.Name;
    public string Role => role;
    public Uri Address => backend.Address;

    /// <summary>The address as the forwarder wants it, which is asked for with every request.</summary>
    public string Prefix { get; } = backend.Address.AbsoluteUri;

    public int InFlight => Volatile.Read(ref inFlight);
    public BackendHealth Health { get; } = new(options, clock);
    public LatencyHistogram FirstByte { get; } = new();
    public LatencyHistogram Duration { get; } = new();

    /// <summary>How many legs got a status of 100 × <paramref name="statusClass"/> and up; 0: no answer.</summary>
    public long Answers(int statusClass) => Interlocked.Read(ref answers[statusClass]);

    public void Begin() => Interlocked.Increment(ref inFlight);

    public void End(LegEnd end, RoutedLeg leg)
    {
        Interlocked.Decrement(ref inFlight);
        if (end is LegEnd.Served)
            Interlocked.Increment(ref served);
        else if (end is not LegEnd.Abandoned)
            Interlocked.Increment(ref failed);
        Interlocked.Increment(ref answers[Math.Clamp((leg.Status ?? 0) / 100, 0, answers.Length - 1)]);
        if (leg.FirstByte is { } firstByte)
            FirstByte.Observe(firstByte);
        Duration.Observe(leg.Duration);
        Health.LegEnded(end, leg.Error);
    }

    public BackendSnapshot Snapshot() => new()
    {
        Name = Name,
        Role = role,
        InFlight = InFlight,
        Served = Interlocked.Read(ref served),
        Failed = Interlocked.Read(ref failed),
        Ejected = Health.IsEjected,
        Ejections = Health.Ejections,
    };

    public override string ToString() => $"{Name} at {Address}{(Health.IsEjected ? $" is ejected ({Health.LastError})" : "")}";
}
