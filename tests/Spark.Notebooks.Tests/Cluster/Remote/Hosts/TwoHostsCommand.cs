namespace Spark.Notebooks.Tests;

/// <summary><c>two-hosts --mbit 1000 --out FOLDER</c>: makes the hosts, says how to open them as a cluster, and holds them until its input closes.</summary>
internal static class TwoHostsCommand
{
    const string ClusterName = "two-hosts";

    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> options)
    {
        var folder = Path.GetFullPath(options["--out"]);
        await using var hosts = await TwoHosts.StartAsync(int.Parse(options["--mbit"], System.Globalization.CultureInfo.InvariantCulture));
        hosts.WriteCluster(folder, ClusterName);
        Console.WriteLine($"export XDG_CONFIG_HOME={Shell.Quote(folder)} SPARK_CLUSTER={ClusterName}");
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
