using System.Diagnostics;
using System.Net.Sockets;

namespace Spark.Notebooks.Tests;

/// <summary>A real sshd, on loopback if nothing else is said, with keys, configuration and known_hosts of its own, which live as long as the test. Its folder is the home of its sessions, too, so that no profile of this user takes part.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    /// <summary>Set where tests that need sshd must run, as in continuous integration.</summary>
    public const string RequiredVariable = "SPARK_TESTS_REQUIRE_SSHD";
    const string Program = "/usr/sbin/sshd";
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    readonly string address;
    readonly string? networkNamespace;
    Process? process;

    SshServer(string address, string? networkNamespace) => (this.address, this.networkNamespace) = (address, networkNamespace);

    public string Folder { get; } = Directory.CreateTempSubdirectory("spark-sshd-").FullName;
    public int Port { get; } = PortRange.Auto.FindFree()!.Value;
    public string KnownHosts => Path.Combine(Folder, "known_hosts");
    public string Key => Path.Combine(Folder, "client");
    public string HostKey => Path.Combine(Folder, "host");

    /// <summary>What the remote side keeps of its runs.</summary>
    public string State => Path.Combine(Folder, "spark-notebooks");

    public MachineSettings Machine => new()
    {
        Name = "spark-0", Host = address, Port = Port, IdentityFile = Key, FabricAddress = address, FabricInterface = "lo", DeviceMemory = VllmShim.DeviceMemory, Ports = "auto",
    };

    public string Config => Path.Combine(Folder, "ssh_config");

    public static void Require()
    {
        if (!File.Exists(Program))
            SkipOrFail("sshd is not installed: apt-get install openssh-server");
    }

    /// <summary>Ends a test whose tools are missing: as skipped, or as failed where they must not be.</summary>
    public static void SkipOrFail(string reason)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(RequiredVariable) is { Length: > 0 }, reason);
        Assert.Fail(reason);
    }

    /// <param name="networkNamespace">Where it and all that it starts have their network; null: that of this process.</param>
    /// <param name="core">What the shim pins its engine to.</param>
    public static async Task<SshServer> StartAsync(string address = "127.0.0.1", string? networkNamespace = null, int? core = null)
    {
        Require();
        var server = new SshServer(address, networkNamespace);
        try
        {
            MakeKey(server.HostKey);
            MakeKey(server.Key);
            File.Copy($"{server.Key}.pub", Path.Combine(server.Folder, "authorized_keys"));
            File.WriteAllText(server.Config, $"Host *\n  UserKnownHostsFile {server.KnownHosts}\n  GlobalKnownHostsFile none\n");
            File.WriteAllText(Path.Combine(server.Folder, "sshd_config"), $"""
                Port {server.Port}
                ListenAddress {address}
                HostKey {server.HostKey}
                AuthorizedKeysFile {server.Folder}/authorized_keys
                PidFile none
                UsePAM no
                StrictModes no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                SetEnv XDG_STATE_HOME={server.Folder} HOME={server.Folder} TMPDIR={server.Folder} {VllmShim.CoreVariable}={core}
                """);
            server.Trust();
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, again after <see cref="StopAsync"/>.</summary>
    public async Task ListenAsync()
    {
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        string[] words = [.. networkNamespace is null ? [] : (string[])["ip", "netns", "exec", networkNamespace], Program, "-D", "-E", Path.Combine(Folder, "sshd.log"), "-f", Path.Combine(Folder, "sshd_config")];
        process = Process.Start(words[0], words[1..]);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(address, Port);
                return;
            }
            catch (SocketException) when (watch.Elapsed < Deadline && !process.HasExited)
            {
            }
        }
    }

    /// <summary>Ends it with all its sessions; what they started in sessions of its own lives on.</summary>
    public async Task StopAsync()
    {
        if (process is null)
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Writes what known_hosts would have after a first visit.</summary>
    public void Trust(string? name = null) => File.WriteAllText(KnownHosts, $"{name ?? $"[{address}]:{Port}"} {string.Join(' ', File.ReadAllText($"{HostKey}.pub").Split(' ')[..2])}\n");

    public static void MakeKey(string path, string type = "ed25519", string passphrase = "") => Run("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path);

    public static string Run(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        run.StandardInput.Close();
        var output = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        Assert.Equal(0, run.ExitCode);
        return output;
    }

    public async Task<SshConnection> ConnectAsync(Func<MachineSettings, MachineSettings>? change = null) =>
        new(await SshDestination.ResolveAsync((change ?? (machine => machine))(Machine), Config, TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
