using System.Globalization;

namespace Spark.Notebooks;

/// <summary>How many files and sockets a process may have open: now, and at most after raising it.</summary>
public sealed record FileLimit(long Soft, long Hard)
{
    const string Limits = "/proc/self/limits";

    /// <summary>Of this process, whose engines inherit it; null where the system does not tell.</summary>
    public static FileLimit? Here() => File.Exists(Limits) ? Parse(File.ReadLines(Limits)) : null;

    /// <summary>From lines as in <c>/proc/self/limits</c>.</summary>
    internal static FileLimit? Parse(IEnumerable<string> lines)
    {
        const string field = "Max open files";
        var values = lines.FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?[field.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return values is [var soft, var hard, ..] ? Of(soft, hard) : null;
    }

    /// <summary>From words such as <c>ulimit</c> prints; null when one is no limit.</summary>
    internal static FileLimit? Of(string? soft, string? hard) => Number(soft) is { } now && Number(hard) is { } most ? new(now, most) : null;

    static long? Number(string? text) => text == "unlimited" ? long.MaxValue : Invariant.Whole(text);

    public override string ToString() => $"{Text(Soft)} (soft), {Text(Hard)} (hard)";

    static string Text(long limit) => limit == long.MaxValue ? "unlimited" : limit.ToString("N0", CultureInfo.InvariantCulture);
}
