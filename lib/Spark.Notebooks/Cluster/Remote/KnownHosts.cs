using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>OpenSSH's files of host keys, hashed names included (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Certificate authorities are passed over.</summary>
internal static class KnownHosts
{
    /// <summary>What the files say of a host by its <see cref="SshDestination.KnownHostsName"/>.</summary>
    public static IReadOnlyList<KnownHostKey> Find(string name, IEnumerable<string> files) =>
        [.. from file in files where File.Exists(file) from line in File.ReadLines(file) let key = Read(line, name.ToLowerInvariant(), file) where key is not null select key];

    static KnownHostKey? Read(string line, string name, string file)
    {
        var fields = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var marker = fields is [['@', ..] first, ..] ? first : null;
        if (line.TrimStart().StartsWith('#') || marker is not (null or "@revoked") || fields[(marker is null ? 0 : 1)..] is not [var names, var type, var key, ..] || !Names(names, name))
            return null;
        var blob = new byte[key.Length];
        return Convert.TryFromBase64String(key, blob, out var length) ? new(type, blob[..length], marker is not null, file) : null;
    }

    static bool Names(string names, string name) => names.StartsWith("|1|", StringComparison.Ordinal)
        ? IsHashOf(names, name)
        : names.ToLowerInvariant().Split(',') is var patterns && patterns.Any(pattern => Matches(pattern, name)) && !patterns.Any(pattern => pattern.StartsWith('!') && Matches(pattern[1..], name));

    // |1|salt|HMAC-SHA1 of the name, keyed with the salt. The format has no other hash.
    static bool IsHashOf(string hashed, string name)
    {
        try
        {
#pragma warning disable CA5350 // SHA-1 is what OpenSSH hides names in these files with; no key rests on it.
            return hashed.Split('|') is [_, _, var salt, var hash] && HMACSHA1.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes(name)).AsSpan().SequenceEqual(Convert.FromBase64String(hash));
#pragma warning restore CA5350
        }
        catch (FormatException)
        {
            return false;
        }
    }

    static bool Matches(string pattern, string name) =>
        Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.NonBacktracking);
}
