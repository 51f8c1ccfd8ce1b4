namespace Spark.Notebooks;

/// <summary>A host key that a known_hosts file has.</summary>
/// <param name="Type">Such as <c>ssh-ed25519</c>.</param>
/// <param name="Blob">The key in SSH's wire format, whose SHA-256 is its fingerprint.</param>
internal sealed record KnownHostKey(string Type, byte[] Blob, bool Revoked, string File)
{
    /// <summary>The names under which a server may sign with a key of this type, in the order to ask for them.</summary>
    public IEnumerable<string> Algorithms => Type == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [Type];
}
