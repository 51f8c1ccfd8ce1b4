using System.Diagnostics;

namespace Spark.Notebooks.Tests;

/// <summary>In the part of a notebook: serves on the machines of a cluster file, says what it started, and waits to be killed.</summary>
internal static class SshOwner
{
    const string Started = "started ";
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string path, string topology)
    {
        var cluster = Cluster.Create("ssh-owner", await ClusterFile.ReadAsync(path), [], new("", []));
        var served = await cluster.ServeAsync(topology == "single" ? Topology.Single : Topology.Disaggregated(1, 1), VllmShim.Knobs);
        Console.WriteLine($"{Started}{string.Join(' ', served.Engines.Select(engine => engine.Process.Id))}");
        await Task.Delay(TimeSpan.FromMinutes(2));
        return 0;
    }

    /// <summary>The pids that an owner says it started, on its nodes.</summary>
    public static async Task<int[]> StartedAsync(Process owner)
    {
        while (await owner.StandardOutput.ReadLineAsync().WaitAsync(Deadline) is { } line)
        {
            if (line.StartsWith(Started, StringComparison.Ordinal))
                return [.. line[Started.Length..].Split(' ').Select(int.Parse)];
        }
        throw new InvalidOperationException("The owner started nothing.");
    }
}
