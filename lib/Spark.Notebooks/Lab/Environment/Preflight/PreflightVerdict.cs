namespace Spark.Notebooks;

/// <summary>Whether an engine with NixlConnector starts on a machine, what its memory did meanwhile, and if not, why.</summary>
public sealed record PreflightVerdict : Display
{
    /// <summary>Null where there is nothing to try: on a local node.</summary>
    public bool? Works { get; init; }
    public required string Node { get; init; }

    /// <summary>What kept it from working; null when it works.</summary>
    public string? Symptom { get; init; }
    public string Advice { get; init; } = "";

    /// <summary>The lines of its log that say so.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>From the start until it was ready, or was stopped.</summary>
    public TimeSpan Took { get; init; }

    /// <summary><c>MemAvailable</c> before it was started, and the least while it ran.</summary>
    public ByteSize MemoryBefore { get; init; }
    public ByteSize MemoryLeast { get; init; }
    public ByteSize MemoryCap { get; init; }

    internal static PreflightVerdict OnSparkOnly(string cluster) => new() { Node = cluster };

    public override string ToText() => Works switch
    {
        null => $"On spark only: the nodes of {Node} move KV blocks without NIXL.",
        true => $"NIXL on {Node}: works. The engine was ready after {Figures.Show(Took.TotalSeconds, "s")}; {Memory}.",
        false => $"NIXL on {Node}: fails, {Symptom}, after {Figures.Show(Took.TotalSeconds, "s")}; {Memory}. {Advice}{string.Concat(Lines.Select(line => $"\n  {line}"))}",
    };

    public override string ToHtml() => Box(
        Works switch { null => Palette.Neutral, true => Palette.Right, false => Palette.Wrong },
        Escape(ToText()).Replace("\n", "<br>", StringComparison.Ordinal));

    string Memory => $"memory available fell by {MemoryBefore - MemoryLeast}, from {MemoryBefore} to {MemoryLeast} (cap {MemoryCap})";
}
