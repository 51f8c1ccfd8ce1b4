using System.Diagnostics;
using System.Globalization;

namespace Spark.Notebooks.Tests;

/// <summary>Two network namespaces with stacks of their own: the fabric, a veth pair of a set bandwidth, joins them and carries nothing else; a management link leads from here to each. Needs root.</summary>
internal sealed class NetworkPair : IDisposable
{
    public const string FabricInterface = "fabric";

    /// <summary>What a shaped fabric carries at once after a pause.</summary>
    public const int BurstBytes = 128 << 10;

    const string Prefix = "spark-notebooks-tests-";
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static int made;

    readonly int subnet;

    /// <exception cref="InvalidOperationException">ip said no.</exception>
    public NetworkPair()
    {
        RequireRights();
        RemoveLeftovers();
        var name = $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref made)}";
        Names = [$"{name}-0", $"{name}-1"];
        try
        {
            foreach (var host in Names)
                Ip($"netns add {host}");
            // The name of a link is what keeps others from the same addresses.
            subnet = Enumerable.Range(1, 250).First(candidate => Try("ip", $"link add {Link(candidate, 0)} type veth peer name management netns {Names[0]}").ExitCode == 0);
            Ip($"link add {Link(subnet, 1)} type veth peer name management netns {Names[1]}");
            Ip($"link add {FabricInterface} mtu 9000 netns {Names[0]} type veth peer name {FabricInterface} mtu 9000 netns {Names[1]}");
            for (var i = 0; i < Names.Count; i++)
            {
                Ip($"addr add 10.213.{subnet}.{4 + (8 * i) + 1}/30 dev {Link(subnet, i)}");
                Ip($"link set {Link(subnet, i)} up");
                Ip($"-n {Names[i]} addr add {Management(i)}/30 dev management");
                Ip($"-n {Names[i]} addr add {Fabric(i)}/30 dev {FabricInterface}");
                foreach (var link in (string[])["lo", "management", FabricInterface])
                    Ip($"-n {Names[i]} link set {link} up");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<string> Names { get; }

    public string Management(int host) => $"10.213.{subnet}.{4 + (8 * host) + 2}";

    public string Fabric(int host) => $"10.213.{subnet}.{1 + host}";

    /// <summary>Sets what the fabric carries in either direction, by the kernel's token bucket filter.</summary>
    public void Shape(int megabitsPerSecond)
    {
        foreach (var host in Names)
            Run("tc", $"-n {host} qdisc replace dev {FabricInterface} root tbf rate {megabitsPerSecond}mbit burst {BurstBytes} latency 400ms");
    }

    /// <summary>Bytes that a host has sent over the fabric, headers included.</summary>
    public long SentOverFabric(int host) =>
        long.Parse(Run("ip", $"netns exec {Names[host]} cat /sys/class/net/{FabricInterface}/statistics/tx_bytes"), CultureInfo.InvariantCulture);

    public void SetFabric(bool up) => Ip($"-n {Names[0]} link set {FabricInterface} {(up ? "up" : "down")}");

    // At the host's end: without its own, this machine would look for the addresses elsewhere.
    public void SetManagement(int host, bool up) => Ip($"-n {Names[host]} link set management {(up ? "up" : "down")}");

    /// <summary>Ends what runs in the namespaces, by pid, and removes them with all their links.</summary>
    public void Dispose()
    {
        foreach (var host in Names)
            Remove(host);
    }

    // An interface's name has 15 letters at most.
    static string Link(int subnet, int host) => $"spark{subnet}m{host}";

    static void RequireRights()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        if (!File.Exists("/usr/sbin/ip") || !File.Exists("/usr/sbin/tc"))
            SshServer.SkipOrFail("ip and tc are not installed: apt-get install iproute2");
        // A container's root may lack the right.
        var probe = $"{Prefix}{Environment.ProcessId}-probe";
        var (exitCode, _, errors) = Try("ip", $"netns add {probe}");
        Assert.SkipWhen(exitCode != 0 && errors.Contains("not permitted", StringComparison.Ordinal), $"this root may not make network namespaces: {errors.Trim()}");
        Remove(probe);
    }

    static void RemoveLeftovers()
    {
        foreach (var name in Run("ip", "netns list").Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (!Directory.Exists($"/proc/{name[Prefix.Length..].Split('-')[0]}"))
                Remove(name);
        }
    }

    static void Remove(string name)
    {
        foreach (var pid in Try("ip", $"netns pids {name}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Try("kill", $"-KILL {pid}");
        // With the namespace its links would go too, but only in a while.
        Try("ip", $"-n {name} link delete management");
        Try("ip", $"netns delete {name}");
    }

    static void Ip(string arguments) => Run("ip", arguments);

    static string Run(string program, string arguments) => Try(program, arguments) is (0, var output, _) ? output
        : throw new InvalidOperationException($"{program} {arguments}: {Try(program, arguments).Errors.Trim()}");

    static (int ExitCode, string Output, string Errors) Try(string program, string arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = run.StandardError.ReadToEndAsync();
        var output = run.StandardOutput.ReadToEnd();
        Assert.True(run.WaitForExit(Deadline), $"{program} {arguments} did not end.");
        return (run.ExitCode, output, errors.Result);
    }
}
