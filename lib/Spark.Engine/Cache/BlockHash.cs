using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Spark.Engine;

/// <summary>Identity of a full KV block: a hash over its tokens and the hash of the block before it, so that equal hashes mean equal prefixes (vLLM's chained block hashes).</summary>
internal readonly record struct BlockHash(UInt128 Value)
{
    /// <summary>Parent of a request's first block: zero, or a hash of the salt that keeps tenants apart.</summary>
    public static BlockHash Root(string? salt) =>
        salt is null ? default : Read(SHA256.HashData(Encoding.UTF8.GetBytes(salt)));

    public BlockHash Next(ReadOnlySpan<int> tokens)
    {
        Span<byte> input = stackalloc byte[16 + tokens.Length * sizeof(int)];
        BinaryPrimitives.WriteUInt128LittleEndian(input, Value);
        MemoryMarshal.AsBytes(tokens).CopyTo(input[16..]);
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(input, digest);
        return Read(digest);
    }

    static BlockHash Read(ReadOnlySpan<byte> digest) => new(BinaryPrimitives.ReadUInt128LittleEndian(digest));
}
