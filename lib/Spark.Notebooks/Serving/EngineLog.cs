using System.Globalization;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>What an engine says of itself while it starts, in the words of vLLM's own log; a value is null when no line told it.</summary>
public sealed partial record EngineLog
{
    /// <summary>The lines that the values were read from, in order, without time and source.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    public double? WeightsGiB { get; init; }
    public TimeSpan? LoadTime { get; init; }

    /// <summary>Peak scratch memory of a step; vLLM logs it at debug level only.</summary>
    public double? ActivationsGiB { get; init; }

    /// <summary>Memory left for KV blocks.</summary>
    public double? KvCacheGiB { get; init; }
    public long? KvCacheTokens { get; init; }

    /// <summary>Full-length requests that fit the KV cache at once.</summary>
    public double? MaxConcurrency { get; init; }

    /// <summary>The length, in tokens, that <see cref="MaxConcurrency"/> is for.</summary>
    public int? MaxModelLen { get; init; }

    public static EngineLog Parse(IEnumerable<string> output)
    {
        var log = new EngineLog { Lines = [] };
        foreach (var line in output)
        {
            var (next, match) = Read(log, line);
            if (match is not null)
                log = next with { Lines = [.. log.Lines, line[match.Index..]] };
        }

        return log;
    }

    /// <summary>The line without time and source if it is one of these, else null.</summary>
    internal static string? Relevant(string line) => Read(new() { Lines = [] }, line).Match is { } match ? line[match.Index..] : null;

    public override string ToString() => string.Join(Environment.NewLine, Lines);

    static (EngineLog Log, Match? Match) Read(EngineLog log, string line) =>
        Loading().Match(line) is { Success: true } loading ? (log with { WeightsGiB = Number(loading, 1), LoadTime = TimeSpan.FromSeconds(Number(loading, 2)) }, loading)
        : Activations().Match(line) is { Success: true } activations ? (log with { ActivationsGiB = Number(activations, 1) }, activations)
        : Available().Match(line) is { Success: true } available ? (log with { KvCacheGiB = Number(available, 1) }, available)
        : CacheSize().Match(line) is { Success: true } size ? (log with { KvCacheTokens = (long)Number(size, 1) }, size)
        : Concurrency().Match(line) is { Success: true } concurrency ? (log with { MaxModelLen = (int)Number(concurrency, 1), MaxConcurrency = Number(concurrency, 2) }, concurrency)
        : (log, null);

    static double Number(Match match, int group) => double.Parse(match.Groups[group].ValueSpan, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Model loading took ([0-9.]+) GiB(?: memory)? and ([0-9.]+) seconds")]
    private static partial Regex Loading();

    [GeneratedRegex(@"[Aa]ctivation peak memory takes ([0-9.]+) ?GiB")]
    private static partial Regex Activations();

    [GeneratedRegex(@"Available KV cache memory: (-?[0-9.]+) GiB")]
    private static partial Regex Available();

    [GeneratedRegex(@"GPU KV cache size: ([0-9,]+) tokens")]
    private static partial Regex CacheSize();

    [GeneratedRegex(@"Maximum concurrency for ([0-9,]+) tokens per request: ([0-9.]+)x")]
    private static partial Regex Concurrency();
}
