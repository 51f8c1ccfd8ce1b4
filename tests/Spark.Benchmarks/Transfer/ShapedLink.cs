using System.Diagnostics;

namespace Spark.Benchmarks;

/// <summary>Two network namespaces that a veth pair of a set bandwidth joins, by the kernel's token bucket filter. Needs Linux, root, and iproute2.</summary>
sealed class ShapedLink : IDisposable
{
    const string Interface = "fabric", Prefix = "spark-benchmarks-", Source = "10.213.251.1", Puller = "10.213.251.2";
    readonly string[] hosts = [$"{Prefix}{Environment.ProcessId}-0", $"{Prefix}{Environment.ProcessId}-1"];

    /// <exception cref="InvalidOperationException">ip said no.</exception>
    public ShapedLink()
    {
        RemoveLeftovers();
        try
        {
            foreach (var host in hosts)
                Ip("netns", "add", host);
            Ip("link", "add", Interface, "mtu", "9000", "netns", hosts[0], "type", "veth", "peer", "name", Interface, "mtu", "9000", "netns", hosts[1]);
            foreach (var (host, address) in hosts.Zip([Source, Puller]))
            {
                Ip("-n", host, "addr", "add", $"{address}/30", "dev", Interface);
                Ip("-n", host, "link", "set", Interface, "up");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static string SourceAddress => Source;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Obstacle => !OperatingSystem.IsLinux() ? "needs Linux"
        : !Environment.IsPrivilegedProcess ? "needs root, for network namespaces"
        : !File.Exists("/usr/sbin/tc") ? "needs ip and tc: apt-get install iproute2"
        : null;

    /// <summary>This program in the namespace of the prefill side.</summary>
    public HelperProcess StartSource(params string[] arguments) => HelperProcess.StartBehind(["ip", "netns", "exec", hosts[0]], arguments);

    /// <summary>This program in the namespace of the decode side.</summary>
    public HelperProcess StartPuller(params string[] arguments) => HelperProcess.StartBehind(["ip", "netns", "exec", hosts[1]], arguments);

    public void Shape(int megabitsPerSecond)
    {
        foreach (var host in hosts)
            Run("tc", "-n", host, "qdisc", "replace", "dev", Interface, "root", "tbf", "rate", $"{megabitsPerSecond}mbit", "burst", "128kb", "latency", "400ms");
    }

    /// <summary>With the namespaces their link goes too.</summary>
    public void Dispose() => Array.ForEach(hosts, Remove);

    // Of runs that were killed.
    static void RemoveLeftovers()
    {
        const string namespaces = "/run/netns";
        if (!Directory.Exists(namespaces))
            return;
        foreach (var host in Directory.GetFiles(namespaces, $"{Prefix}*").Select(Path.GetFileName).OfType<string>())
            if (!Directory.Exists($"/proc/{host[Prefix.Length..].Split('-')[0]}"))
                Remove(host);
    }

    static void Remove(string host) => Process.Start("ip", ["netns", "delete", host]).WaitForExit();

    static void Ip(params string[] arguments) => Run("ip", arguments);

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}.");
    }
}
