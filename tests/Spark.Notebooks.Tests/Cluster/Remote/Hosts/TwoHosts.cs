using System.Text.Json;

namespace Spark.Notebooks.Tests;

/// <summary>Two hosts that this machine stands for: an sshd in each of two network namespaces, whose <c>vllm</c> is spark-engine, on a core of its own where there are two.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    readonly string venv;

    TwoHosts(NetworkPair network, IReadOnlyList<SshServer> servers)
    {
        (Network, Servers) = (network, servers);
        venv = VllmShim.Write(servers[0].Folder);
        File.WriteAllText(servers[0].Config, $"Host *\n  UserKnownHostsFile {string.Join(' ', servers.Select(server => server.KnownHosts))}\n  GlobalKnownHostsFile none\n");
    }

    public NetworkPair Network { get; }

    public IReadOnlyList<SshServer> Servers { get; }

    public static async Task<TwoHosts> StartAsync(int megabitsPerSecond = 1000)
    {
        SshServer.Require();
        var network = new NetworkPair();
        var servers = new List<SshServer>();
        try
        {
            network.Shape(megabitsPerSecond);
            var cores = CpuList.Allowed();
            for (var i = 0; i < network.Names.Count; i++)
                servers.Add(await SshServer.StartAsync(network.Management(i), network.Names[i], cores.Length > 1 ? cores[i] : null));
            return new(network, servers);
        }
        catch
        {
            await DisposeAsync(network, servers);
            throw;
        }
    }

    public ClusterFile Cluster(int watchdogSeconds = 20) => VllmShim.Cluster(Servers[0], watchdogSeconds, venv: venv) with
    {
        Machines = [.. Servers.Select((server, i) => server.Machine with
        {
            Name = $"spark-{i}", FabricAddress = Network.Fabric(i), FabricInterface = NetworkPair.FabricInterface, ServeAddress = Network.Management(i), Ports = "8100-8119",
        })],
    };

    /// <summary>Lets <c>Cluster.OpenAsync(name)</c> find the hosts where XDG_CONFIG_HOME is the folder.</summary>
    public void WriteCluster(string folder, string name) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "spark-notebooks", "clusters")).FullName, $"{name}.json"), JsonSerializer.Serialize(Cluster(), JsonSerializerOptions.Web));

    public ValueTask DisposeAsync() => DisposeAsync(Network, Servers);

    static async ValueTask DisposeAsync(NetworkPair network, IEnumerable<SshServer> servers)
    {
        foreach (var server in servers)
            await server.StopAsync();
        network.Dispose();
        foreach (var server in servers)
            await server.DisposeAsync();
    }
}
