namespace Spark.Notebooks.Tests;

/// <summary>In the part of a notebook: serves on the machines of a cluster file, says what it started, and waits to be killed.</summary>
internal static class SshOwner
{
    public static async Task<int> RunAsync(string path, string topology)
    {
        var cluster = Cluster.Create("ssh-owner", await ClusterFile.ReadAsync(path), [], new("", []));
        var served = await cluster.ServeAsync(topology == "single" ? Topology.Single : Topology.Disaggregated(1, 1), VllmShim.Knobs);
        Console.WriteLine($"started {string.Join(' ', served.Engines.Select(engine => engine.Process.Id))}");
        await Task.Delay(TimeSpan.FromMinutes(2));
        return 0;
    }
}
