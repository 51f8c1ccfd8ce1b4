using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Looks through <c>/proc</c> for engines of this user. It only looks: nothing is ever ended here.</summary>
internal static class LeftoverSearch
{
    const string Root = "/proc";

    /// <summary>Null where there is no <c>/proc</c>.</summary>
    public static IReadOnlyList<Leftover>? Here() => Directory.Exists(Path.Combine(Root, "self")) ? In(Root, Environment.ProcessId) : null;

    /// <param name="own">Engines that this process, or one it started, has started are no leftovers.</param>
    internal static IReadOnlyList<Leftover> In(string proc, int own)
    {
        var self = Status(proc, own);
        var processes = Directory.EnumerateDirectories(proc)
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0)
            .Select(pid => (Pid: pid, Status: Status(proc, pid)))
            .Where(process => process.Status is not null)
            .ToDictionary(process => process.Pid, process => process.Status!.Value);
        return
        [
            .. from process in processes
               where process.Value.User == self?.User && !IsOf(process.Key)
               let arguments = Arguments(proc, process.Key)
               where arguments.Any(argument => Path.GetFileNameWithoutExtension(argument) == "spark-engine")
               orderby process.Key
               select new Leftover(process.Key, RunId(arguments), process.Value.Parent),
        ];

        bool IsOf(int pid)
        {
            for (var generation = 0; generation < 64 && pid > 0; generation++)
            {
                if (pid == own)
                    return true;
                pid = processes.TryGetValue(pid, out var status) ? status.Parent : 0;
            }
            return false;
        }
    }

    static string RunId(string[] arguments) =>
        arguments.SkipWhile(argument => argument != "--served-model-name").FirstOrDefault(argument => argument.StartsWith("run-", StringComparison.Ordinal)) ?? "";

    static string[] Arguments(string proc, int pid) => (Read(proc, pid, "cmdline") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    static (int Parent, string User)? Status(string proc, int pid)
    {
        var lines = Read(proc, pid, "status")?.Split('\n') ?? [];
        return Field("PPid:") is { } parent && Field("Uid:") is { } users ? (int.Parse(parent, CultureInfo.InvariantCulture), users.Split('\t')[0]) : null;

        string? Field(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
    }

    /// <summary>Null when the process has ended meanwhile, or is not ours to read.</summary>
    static string? Read(string proc, int pid, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(proc, pid.ToString(CultureInfo.InvariantCulture), file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
