using CsCheck;

namespace Spark.Engine.Tests;

public sealed class ChecksummingBlocks
{
    static readonly Gen<byte[]> Block = Gen.Byte.Array[4 * 32 * 8];

    [Fact]
    public void Any_flipped_bit_changes_the_checksum() => Block.Select(Gen.Int[0, 4 * 32 * 8 * 8 - 1]).Sample((block, bit) =>
    {
        var damaged = (byte[])block.Clone();
        damaged[bit / 8] ^= (byte)(1 << bit % 8);
        Assert.NotEqual(Sum(block), Sum(damaged));
    });

    [Fact]
    public void Blocks_in_another_order_change_the_checksum() => Block.Select(Block).Where((a, b) => !a.SequenceEqual(b)).Sample((a, b) => Assert.NotEqual(Sum(a, b), Sum(b, a)));

    static byte[] Sum(params ReadOnlySpan<byte[]> blocks)
    {
        var checksum = new BlockChecksum();
        foreach (var block in blocks)
            checksum.Add(block);
        var sum = new byte[BlockChecksum.Bytes];
        checksum.Write(sum);
        return sum;
    }
}
