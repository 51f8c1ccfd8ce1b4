namespace Spark.Notebooks;

/// <summary>What <c>probe.sh</c> prints: lines of <c>key=value</c>, a key as often as it has values. What the machine does not tell is absent.</summary>
internal sealed class ProbeOutput
{
    // The last line, so that an output that was cut off is not taken for a machine that has little.
    const string End = "end";
    readonly ILookup<string, string> values;

    ProbeOutput(ILookup<string, string> values) => this.values = values;

    /// <exception cref="FormatException">It is not whole.</exception>
    public static ProbeOutput Parse(string output)
    {
        var values = output.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(parts => parts is [{ Length: > 0 }, _])
            .ToLookup(parts => parts[0].Trim(), parts => parts[1].Trim());
        return values.Contains(End) ? new(values) : throw new FormatException("its readings broke off.");
    }

    public IReadOnlyList<string> All(string key) => [.. values[key]];

    public string? First(string key) => values[key].FirstOrDefault();

    /// <summary>Null where it is absent, or no whole number such as <c>unlimited</c> or <c>[N/A]</c>.</summary>
    public long? Number(string key) => Invariant.Whole(First(key));

    /// <summary>Keys below one, such as <c>gid.3</c> below <c>rdma.rocep1s0f1.1</c>, with their values.</summary>
    public IEnumerable<(string Key, string Value)> Below(string prefix) =>
        from key in values
        where key.Key.StartsWith($"{prefix}.", StringComparison.Ordinal)
        from value in key
        select (key.Key[(prefix.Length + 1)..], value);
}
