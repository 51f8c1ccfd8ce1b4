using System.Globalization;

namespace Spark.Notebooks;

/// <summary>How many files and sockets this process may have open; .NET has raised it to the hard limit when it started.</summary>
internal static class OpenFileLimit
{
    /// <summary>The client's socket, and one for each leg.</summary>
    public const int SocketsPerRequest = 3;

    // What a notebook's process has open beside.
    const int Reserve = 256;

    /// <summary>As Linux tells it in <c>/proc/self/limits</c>; null where nothing does, or nothing is limited.</summary>
    public static int? Read() => File.Exists("/proc/self/limits") ? Parse(File.ReadLines("/proc/self/limits")) : null;

    public static int? Parse(IEnumerable<string> limits) =>
        limits.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, var soft, ..]
        && int.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? files : null;

    /// <summary>Requests that may be in flight without running out.</summary>
    public static int MaxInFlight(int? files) => files is { } limit ? Math.Max(1, (limit - Reserve) / SocketsPerRequest) : int.MaxValue;

    /// <summary>Null when <paramref name="maxInFlight"/> requests have room.</summary>
    public static string? Warning(int? files, int maxInFlight) => maxInFlight <= MaxInFlight(files) ? null
        : $"MaxInFlight is {maxInFlight}, which may need {maxInFlight * (long)SocketsPerRequest + Reserve} open files, {SocketsPerRequest} sockets a request; this process may open {files}. "
            + $"Lower MaxInFlight to {MaxInFlight(files)}, or raise the hard limit (ulimit -Hn) before starting the notebook.";
}
