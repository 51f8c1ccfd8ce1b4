using System.Security.Cryptography;
using System.Text;

namespace Spark.Kernel;

/// <summary>Signs messages with the connection's key: HMAC-SHA256 in lower-case hexadecimal over header, parent header, metadata and content; nothing is signed without a key.</summary>
internal sealed class MessageSigner(string key)
{
    public const string Scheme = "hmac-sha256";
    readonly byte[] key = Encoding.UTF8.GetBytes(key);

    public string Sign(params IEnumerable<byte[]> parts)
    {
        if (key.Length == 0)
            return "";
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts)
            hmac.AppendData(part);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    public bool Verifies(byte[] signature, params IEnumerable<byte[]> parts) =>
        CryptographicOperations.FixedTimeEquals(signature, Encoding.ASCII.GetBytes(Sign(parts)));
}
