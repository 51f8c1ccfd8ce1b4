using System.Diagnostics;
using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Sets of cores as Linux writes them (<c>0-3,8</c>), and the cores that this process may use.</summary>
internal static class CpuList
{
    /// <exception cref="FormatException"><paramref name="text"/> is not such a list.</exception>
    public static int[] Parse(string text) => [.. text.Split(',').SelectMany(Range).Distinct().Order()];

    /// <summary>Empty where processes cannot be pinned, as on macOS.</summary>
    public static int[] Allowed()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return [];
        using var self = Process.GetCurrentProcess();
        var mask = (long)self.ProcessorAffinity;
        return [.. Enumerable.Range(0, 64).Where(core => (mask >> core & 1) == 1)];
    }

    static IEnumerable<int> Range(string part)
    {
        var ends = part.Split('-');
        if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
            throw new FormatException($"'{part}' is neither a core number nor a range of them such as 0-3.");
        return Enumerable.Range(first, last - first + 1);
    }
}
