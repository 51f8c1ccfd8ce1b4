using CsCheck;

namespace Spark.Engine.Tests;

public sealed class BlockPoolProperties
{
    [Fact]
    public void No_block_is_lost_doubled_or_forgotten_under_random_use() =>
        (from size in Gen.Int[1, 12]
         from operations in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1000]).Array[1, 200]
         select (size, operations)).Sample(c =>
        {
            var pool = new BlockPool(c.size);
            var held = new List<int>();
            foreach (var (operation, n) in c.operations)
            {
                if (operation == 0 && pool.Free > 0)
                {
                    var block = pool.Take();
                    Assert.DoesNotContain(block, held);
                    held.Add(block);
                }
                else if (operation == 1 && held.Count > 0)
                {
                    pool.Release(held[n % held.Count]);
                    held.RemoveAt(n % held.Count);
                }
                else if (operation == 2 && held.Count > 0)
                {
                    pool.Share(held[n % held.Count]);
                    held.Add(held[n % held.Count]);
                }
                else if (operation == 3 && held.Count > 0)
                    pool.Remember(held[n % held.Count], new BlockHash((UInt128)(n % 5 + 1)));
                Assert.Equal(c.size - held.Distinct().Count(), pool.Free);
            }
        });

    [Fact]
    public void Blocks_are_taken_in_the_order_of_their_release()
    {
        var pool = new BlockPool(3);
        int[] all = [pool.Take(), pool.Take(), pool.Take()];
        pool.Release(all[1]);
        pool.Release(all[2]);
        pool.Release(all[0]);
        Assert.Equal([all[1], all[2], all[0]], [pool.Take(), pool.Take(), pool.Take()]);
    }

    [Fact]
    public void A_free_block_is_found_by_its_prefix_until_it_is_taken_again()
    {
        var pool = new BlockPool(2);
        var block = pool.Take();
        var hash = default(BlockHash).Next([1, 2, 3]);
        pool.Remember(block, hash);
        pool.Release(block);
        Assert.True(pool.TryFind(hash, out var found) && found == block);
        pool.Take();
        pool.Take();
        Assert.False(pool.TryFind(hash, out _));
    }

    [Fact]
    public void Releasing_a_block_twice_is_an_error()
    {
        var pool = new BlockPool(1);
        var block = pool.Take();
        pool.Release(block);
        Assert.Throws<InvalidOperationException>(() => pool.Release(block));
    }

    [Fact]
    public void Hashes_differ_by_tokens_parent_and_salt()
    {
        BlockHash root = BlockHash.Root(null), salted = BlockHash.Root("tenant");
        BlockHash[] hashes = [root.Next([1, 2]), root.Next([2, 1]), root.Next([1, 2]).Next([1, 2]), salted.Next([1, 2])];
        Assert.Equal(4, hashes.Distinct().Count());
        Assert.Equal(hashes[0], root.Next([1, 2]));
    }
}
