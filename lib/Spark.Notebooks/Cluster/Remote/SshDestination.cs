using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Spark.Notebooks;

/// <summary>Where a machine is reached and with what keys, after all that <c>~/.ssh/config</c> says of it, which OpenSSH's own <c>ssh -G</c> is asked for.</summary>
internal sealed record SshDestination
{
    public required string Node { get; init; }
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string User { get; init; }
    public required IReadOnlyList<string> IdentityFiles { get; init; }
    public required IReadOnlyList<string> KnownHostsFiles { get; init; }

    /// <summary>The name that known_hosts has for it, where that is not its own.</summary>
    public string? HostKeyAlias { get; init; }

    /// <summary>The only host key to accept, as <c>SHA256:…</c>.</summary>
    public string? PinnedKey { get; init; }

    /// <summary>As known_hosts and ssh-keygen write it.</summary>
    public string KnownHostsName => HostKeyAlias ?? (Port == 22 ? Host : $"[{Host}]:{Port}");

    /// <param name="configFile">Instead of <c>~/.ssh/config</c>.</param>
    /// <exception cref="NodeConnectionException">The configuration is wrong; the message has ssh's words.</exception>
    public static async Task<SshDestination> ResolveAsync(MachineSettings machine, string? configFile, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-G",
            .. configFile is null ? [] : (string[])["-F", Path(configFile)],
            .. machine.Port is { } port ? ["-p", port.ToString(CultureInfo.InvariantCulture)] : (string[])[],
            .. machine.User is { } user ? ["-l", user] : (string[])[],
            .. machine.IdentityFile is { } identity ? ["-i", Path(identity)] : (string[])[],
            machine.Host,
        ];
        var settings = (await AskAsync(machine.Name, arguments, cancellation)).ToLookup(line => line.Key, line => line.Value);
        return new()
        {
            Node = machine.Name,
            Host = settings["hostname"].FirstOrDefault(machine.Host),
            Port = int.Parse(settings["port"].FirstOrDefault("22"), CultureInfo.InvariantCulture),
            User = settings["user"].FirstOrDefault(machine.User ?? Environment.UserName),
            IdentityFiles = [.. settings["identityfile"].DefaultIfEmpty(machine.IdentityFile ?? "~/.ssh/id_ed25519").Select(Path).Distinct()],
            KnownHostsFiles = [.. settings["userknownhostsfile"].Concat(settings["globalknownhostsfile"]).DefaultIfEmpty("~/.ssh/known_hosts").SelectMany(files => files.Split(' ')).Select(Path)],
            HostKeyAlias = settings["hostkeyalias"].FirstOrDefault(),
            PinnedKey = machine.HostKey?.TrimEnd('='),
        };
    }

    static async Task<IEnumerable<KeyValuePair<string, string>>> AskAsync(string node, string[] arguments, CancellationToken cancellation)
    {
        Process ssh;
        try
        {
            ssh = Process.Start(new ProcessStartInfo("ssh", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            // Without OpenSSH there is no configuration of it either.
            return [];
        }
        using (ssh)
        {
            ssh.StandardInput.Close();
            var errors = ssh.StandardError.ReadToEndAsync(cancellation);
            var output = await ssh.StandardOutput.ReadToEndAsync(cancellation);
            await ssh.WaitForExitAsync(cancellation);
            return ssh.ExitCode == 0
                ? output.Split('\n').Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim()))
                : throw new NodeConnectionException(node, $"ssh {Shell.Quote(arguments)} says: {(await errors).Trim()}");
        }
    }

    static string Path(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : path;

    public override string ToString() => $"{User}@{Host}:{Port}";
}
