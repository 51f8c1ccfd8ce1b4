namespace Spark.Engine;

/// <summary>Gives requests their KV blocks: shared ones for a prefix that is cached, fresh ones for the rest (vLLM V1's KVCacheManager).</summary>
internal sealed class KvCacheManager(BlockPool blocks, bool prefixCaching)
{
    const int Size = KvLayout.BlockSize;
    readonly List<int> found = [];

    public double Usage => blocks.Usage;
    public int FreeBlocks => blocks.Free;

    /// <summary>Prompt tokens looked up and found since the start, for the hit rate.</summary>
    public long Queries { get; private set; }
    public long Hits { get; private set; }

    /// <summary>
    /// The longest cached prefix of a request, in blocks, valid until the next call. The last token is never taken from the cache:
    /// its logits are what the request waits for.
    /// </summary>
    public IReadOnlyList<int> FindPrefix(Request request)
    {
        found.Clear();
        if (!prefixCaching)
            return found;
        var most = (request.TokenCount - 1) / Size;
        for (var i = 0; i < most && blocks.TryFind(request.HashOfBlock(i), out var block); i++)
            found.Add(block);
        return found;
    }

    /// <summary>Counts a lookup once the request is admitted; a preempted one that comes back is not counted again.</summary>
    public void CountLookup(int promptTokens, int hitTokens)
    {
        if (prefixCaching)
            (Queries, Hits) = (Queries + promptTokens, Hits + hitTokens);
    }

    /// <summary>Makes room for <paramref name="newTokens"/> beyond those computed (and, on admission, beyond the cached prefix); all or nothing.</summary>
    public bool TryAllocate(Request request, int newTokens, IReadOnlyList<int>? prefix = null)
    {
        var shared = prefix?.Count ?? 0;
        var computed = request.ComputedTokens + shared * Size;
        var needed = (computed + newTokens + Size - 1) / Size - request.BlockCount - shared;
        var revived = 0;
        for (var i = 0; i < shared; i++)
            revived += blocks.IsFree(prefix![i]) ? 1 : 0;
        if (needed > blocks.Free - revived)
            return false;
        for (var i = 0; i < shared; i++)
        {
            blocks.Share(prefix![i]);
            request.AddBlock(prefix[i]);
        }
        for (var i = 0; i < needed; i++)
            request.AddBlock(blocks.Take());
        return true;
    }

    /// <summary>Offers the blocks that a step has filled to later requests.</summary>
    public void RememberFullBlocks(Request request)
    {
        if (!prefixCaching)
            return;
        for (; request.RememberedBlocks < request.ComputedTokens / Size; request.RememberedBlocks++)
            blocks.Remember(request.Blocks.Span[request.RememberedBlocks], request.HashOfBlock(request.RememberedBlocks));
    }

    /// <summary>Takes a request's blocks back, last first: the tail of a prefix is the first to be overwritten.</summary>
    public void Free(Request request)
    {
        for (var i = request.BlockCount - 1; i >= 0; i--)
            blocks.Release(request.Blocks.Span[i]);
        request.ClearBlocks();
    }
}
