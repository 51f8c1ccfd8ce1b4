namespace Spark.Notebooks;

/// <summary>Processor time that a run took on this machine, by who took it.</summary>
public sealed record CpuUse
{
    public required TimeSpan Duration { get; init; }

    /// <summary>Cores of the machine.</summary>
    public required int Cores { get; init; }

    /// <summary>By node; those of engines on other machines are not known here.</summary>
    public required IReadOnlyDictionary<string, TimeSpan> Engines { get; init; }

    /// <summary>Of that, what the threads that compute took, by node; only of engines that do all else on other cores.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Computing { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>This process: client, gateway and notebook.</summary>
    public required TimeSpan Notebook { get; init; }

    /// <summary>Everything else on the machine, and what a hypervisor took away; null where the system does not tell, or an engine may be among it.</summary>
    public TimeSpan? Others { get; init; }

    /// <summary>Share of all core time that went to anything but the engines, 0 to 1: what they might have had besides.</summary>
    public double OverheadShare => (Notebook + (Others ?? TimeSpan.Zero)) / (Duration * Cores);

    /// <summary>Share of the cores of a node that its engine kept busy, 0 to 1; not a number for an engine on another machine.</summary>
    public double Busy(EngineAddress engine) => Computing.TryGetValue(engine.Node, out var used) || Engines.TryGetValue(engine.Node, out used) ? used / (Duration * (engine.Cores ?? 1)) : double.NaN;

    public override string ToString() => FormattableString.Invariant($"of {Cores} cores, {string.Join(", ", Engines.Select(engine => $"{engine.Key} used {Cored(engine.Value)}"))}, client and gateway {Cored(Notebook)}")
        + (Others is { } others ? $", everything else {Cored(others)}" : "");

    string Cored(TimeSpan time) => FormattableString.Invariant($"{time / Duration:0.00}");
}
