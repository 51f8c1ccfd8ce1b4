using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary>Guards what begins with <c>/v1</c>, as vLLM's <c>--api-key</c> does; comparing takes the same time whatever the key.</summary>
internal sealed class ApiKeys(IReadOnlyList<string> keys)
{
    readonly List<byte[]> hashes = [.. keys.Select(Hash)];

    public bool Admits(HttpRequest request)
    {
        if (hashes.Count == 0 || request.Method == HttpMethods.Options || !request.Path.Value!.StartsWith("/v1", StringComparison.Ordinal))
            return true;
        if (request.Headers.Authorization.ToString().Split(' ', 2) is not [var scheme, var key] || !scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase))
            return false;
        var hash = Hash(key);
        return hashes.Aggregate(false, (admitted, known) => CryptographicOperations.FixedTimeEquals(hash, known) | admitted);
    }

    static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
