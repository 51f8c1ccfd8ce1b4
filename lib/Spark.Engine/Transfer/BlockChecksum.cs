using System.Numerics;
using System.Runtime.InteropServices;

namespace Spark.Engine;

/// <summary>
/// What detects a damaged KV block: four CRC-32C, each over a quarter of every block. The processor's instruction takes three cycles and begins one every cycle,
/// so that four chains side by side pass the bytes at the speed of memory, where one would be slower than the socket.
/// </summary>
internal struct BlockChecksum
{
    /// <summary>Of <see cref="Write"/>.</summary>
    public const int Bytes = 4 * sizeof(uint);

    uint first, second, third, fourth;

    /// <param name="block">A multiple of 32 bytes, as every block is.</param>
    public void Add(ReadOnlySpan<byte> block)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(block);
        var quarter = words.Length / 4;
        var (c0, c1, c2, c3) = (first, second, third, fourth);
        for (var i = 0; i < quarter; i++)
        {
            c0 = BitOperations.Crc32C(c0, words[i]);
            c1 = BitOperations.Crc32C(c1, words[quarter + i]);
            c2 = BitOperations.Crc32C(c2, words[2 * quarter + i]);
            c3 = BitOperations.Crc32C(c3, words[3 * quarter + i]);
        }
        (first, second, third, fourth) = (c0, c1, c2, c3);
    }

    public readonly void Write(Span<byte> destination)
    {
        var sums = MemoryMarshal.Cast<byte, uint>(destination);
        (sums[0], sums[1], sums[2], sums[3]) = (first, second, third, fourth);
    }
}
