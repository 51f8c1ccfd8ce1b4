namespace Spark.Engine;

/// <summary>
/// Which KV blocks are free, in use, or free but still holding a cached prefix. Free blocks form a list in least-recently-used order;
/// a freed block keeps its hash until it is taken again (as vLLM V1's BlockPool). Every operation is O(1).
/// </summary>
internal sealed class BlockPool
{
    readonly int[] next, previous, references;
    readonly BlockHash?[] hashes;
    readonly Dictionary<BlockHash, int> cached;
    readonly int end;   // sentinel of the circular free list: next[end] is the block to be taken first

    public BlockPool(int blocks)
    {
        end = blocks;
        (next, previous) = (new int[blocks + 1], new int[blocks + 1]);
        (references, hashes, cached) = (new int[blocks], new BlockHash?[blocks], new(blocks));
        for (var i = 0; i <= blocks; i++)
            (next[i], previous[i]) = ((i + 1) % (blocks + 1), (i + blocks) % (blocks + 1));
        Free = blocks;
    }

    public int Total => references.Length;
    public int Free { get; private set; }
    public double Usage => Total == 0 ? 0 : 1 - (double)Free / Total;

    /// <summary>Takes the least recently used free block; what prefix it held is forgotten.</summary>
    /// <exception cref="InvalidOperationException">None is free: ask <see cref="Free"/> first.</exception>
    public int Take()
    {
        if (Free == 0)
            throw new InvalidOperationException("No KV block is free.");
        var block = next[end];
        Unlink(block);
        references[block] = 1;
        if (hashes[block] is { } hash)
        {
            cached.Remove(hash);
            hashes[block] = null;
        }
        return block;
    }

    /// <summary>One more request uses this block.</summary>
    public void Share(int block)
    {
        if (references[block]++ == 0)
            Unlink(block);
    }

    /// <summary>One request less; at none the block becomes the most recently used of the free ones.</summary>
    public void Release(int block)
    {
        if (--references[block] > 0)
            return;
        if (references[block] < 0)
            throw new InvalidOperationException($"KV block {block} was released more often than it was taken.");
        (previous[block], next[block]) = (previous[end], end);
        next[previous[end]] = block;
        previous[end] = block;
        Free++;
    }

    /// <summary>Lets later requests with the same prefix find this full block.</summary>
    public void Remember(int block, BlockHash hash)
    {
        if (hashes[block] is null && cached.TryAdd(hash, block))
            hashes[block] = hash;
    }

    public bool TryFind(BlockHash hash, out int block) => cached.TryGetValue(hash, out block);

    /// <summary>Whether a block is found but in use by nobody, so that sharing it uses up a free one.</summary>
    public bool IsFree(int block) => references[block] == 0;

    void Unlink(int block)
    {
        next[previous[block]] = next[block];
        previous[next[block]] = previous[block];
        Free--;
    }
}
