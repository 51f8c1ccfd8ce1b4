using System.Security.Cryptography;

namespace Spark.Notebooks;

/// <summary>Decides whether a machine is the one it should be: by the pinned fingerprint alone, else by known_hosts. Nothing is trusted at first sight.</summary>
internal sealed class HostKeyPolicy(SshDestination destination)
{
    readonly IReadOnlyList<KnownHostKey> known = destination.PinnedKey is null ? KnownHosts.Find(destination.KnownHostsName, destination.KnownHostsFiles) : [];

    /// <summary>Kinds of keys to ask for first: those that can be verified.</summary>
    public IReadOnlyList<string> Preferred => [.. known.Where(key => !key.Revoked).SelectMany(key => key.Algorithms).Distinct()];

    /// <summary>Null when the key is to be trusted, else why not and what to do.</summary>
    public string? Refuse(string type, byte[] blob)
    {
        var fingerprint = $"SHA256:{Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=')}";
        if (destination.PinnedKey is { } pinned)
            return fingerprint == pinned ? null
                : $"its host key is {fingerprint}, the cluster's file says {pinned}. Another machine may be in its place; if it was set up anew, change hostKey to what this prints there: ssh-keygen -lf {File(type)}";
        if (known.FirstOrDefault(key => key.Blob.AsSpan().SequenceEqual(blob)) is { } match)
            return match.Revoked ? $"its host key {fingerprint} is marked as revoked in {match.File}." : null;
        if (known.FirstOrDefault(key => !key.Revoked) is { } other)
            return $"its host key has changed: it is {fingerprint}, and {other.File} has another. Another machine may be in its place. If it was set up anew, forget the old key and connect once to see the new one: "
                + $"ssh-keygen -R {Shell.Quote(destination.KnownHostsName)} -f {Shell.Quote(other.File)} && {Connect}";
        return $"its host key {fingerprint} is not known. Compare it with what this prints on the machine, ssh-keygen -lf {File(type)}, and accept it once with: {Connect}";
    }

    string Connect => $"ssh -o UserKnownHostsFile={Shell.Quote(destination.KnownHostsFiles[0])}{(destination.HostKeyAlias is { } alias ? $" -o HostKeyAlias={Shell.Quote(alias)}" : "")} -p {destination.Port} {Shell.Quote($"{destination.User}@{destination.Host}")} true";

    static string File(string type) => $"/etc/ssh/ssh_host_{(type.Contains("ed25519", StringComparison.Ordinal) ? "ed25519" : type.Contains("ecdsa", StringComparison.Ordinal) ? "ecdsa" : "rsa")}_key.pub";
}
