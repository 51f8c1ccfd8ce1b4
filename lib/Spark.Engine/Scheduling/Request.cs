namespace Spark.Engine;

/// <summary>A request inside the engine: its tokens so far, how many of them are in the KV cache, and the blocks that hold them.</summary>
internal sealed class Request
{
    readonly List<BlockHash> hashes;
    int[] tokens;
    int[] blocks;

    public Request(EngineRequest source, long seed, long queuedAt)
    {
        Source = source;
        Seed = seed;
        QueuedAt = queuedAt;
        tokens = new int[source.PromptTokenIds.Length + Math.Min(source.Sampling.MaxTokens, 1024)];
        source.PromptTokenIds.CopyTo(tokens, 0);
        (blocks, hashes) = (new int[tokens.Length / KvLayout.BlockSize + 1], new(tokens.Length / KvLayout.BlockSize));
        TokenCount = PromptTokens;
    }

    public EngineRequest Source { get; }
    public string Id => Source.Id;
    public SamplingParams Sampling => Source.Sampling;
    public long Seed { get; }

    /// <summary>Prompt and output together.</summary>
    public int TokenCount { get; private set; }
    public int PromptTokens => Source.PromptTokenIds.Length;
    public int OutputTokens => TokenCount - PromptTokens;

    /// <summary>Leading tokens whose K and V are in the cache.</summary>
    public int ComputedTokens { get; set; }
    public int CachedTokens { get; set; }
    public int BlockCount { get; private set; }

    /// <summary>The pull of its KV from another engine while that is under way.</summary>
    public KvPull? Pull { get; set; }

    /// <summary>A pull is tried once; afterwards the request is computed here like any other.</summary>
    public bool HasTriedRemote { get; set; }

    /// <summary>The prefix cache's hit rate counts a request once, however often it is preempted.</summary>
    public bool HasLookedUp { get; set; }

    /// <summary>Leading blocks already offered to the prefix cache.</summary>
    public int RememberedBlocks { get; set; }
    public ReadOnlyMemory<int> Tokens => tokens.AsMemory(0, TokenCount);
    public ReadOnlyMemory<int> Blocks => blocks.AsMemory(0, BlockCount);

    /// <summary>Its place in the order in which requests came.</summary>
    public long Arrival { get; set; }
    public long QueuedAt { get; }
    public long? ScheduledAt { get; set; }
    public long? FirstTokenAt { get; set; }

    public void AddToken(int token)
    {
        if (TokenCount == tokens.Length)
            Array.Resize(ref tokens, 2 * tokens.Length);
        tokens[TokenCount++] = token;
    }

    public void AddBlock(int block)
    {
        if (BlockCount == blocks.Length)
            Array.Resize(ref blocks, 2 * blocks.Length);
        blocks[BlockCount++] = block;
    }

    public void ClearBlocks() => (BlockCount, RememberedBlocks) = (0, 0);

    /// <summary>Hash of a full block of this request's tokens, computed once.</summary>
    public BlockHash HashOfBlock(int index)
    {
        while (hashes.Count <= index)
            hashes.Add((hashes.Count == 0 ? BlockHash.Root(Source.CacheSalt) : hashes[^1]).Next(tokens.AsSpan(hashes.Count * KvLayout.BlockSize, KvLayout.BlockSize)));
        return hashes[index];
    }
}
