namespace Spark.Notebooks;

/// <summary>Which logical cores are threads of one physical core, and so take from one another.</summary>
internal static class CoreTopology
{
    /// <summary>The node's own cores and their siblings; its own alone where the system does not tell.</summary>
    public static IReadOnlyList<int> WithSiblings(string cores, Func<int, string?>? siblings = null) =>
        [.. CpuList.Parse(cores).SelectMany(core => (siblings ?? Siblings)(core) is { } list ? CpuList.Parse(list) : [core]).Distinct().Order()];

    static string? Siblings(int core)
    {
        var file = $"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }
}
