namespace Spark.Notebooks;

public sealed partial record ModelShape
{
    /// <summary>Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434): a layer keeps one compressed vector of this size and one rotary key, shared by all heads.</summary>
    public int? KvLoraRank { get; init; }
    public int RopeHeadDim { get; init; }

    /// <summary>Layers that look back <see cref="SlidingWindow"/> tokens only; the others see all.</summary>
    public int SlidingLayers { get; init; }
    public int SlidingWindow { get; init; }

    /// <summary>What others measured or published of this cache.</summary>
    public PublishedKv? Published { get; init; }

    /// <summary>MHA, GQA, MQA or MLA.</summary>
    public string Attention => KvLoraRank is not null ? "MLA" : KvHeads == Heads ? "MHA" : KvHeads == 1 ? "MQA" : "GQA";

    /// <summary>What every layer keeps of one token, as long as no window has passed it by.</summary>
    public ByteSize KvBytesPerToken => new(Layers * KvBytesPerTokenAndLayer);

    /// <summary>What a token adds once every window is full: in layers that see all.</summary>
    public ByteSize KvBytesPerFurtherToken => new((Layers - SlidingLayers) * KvBytesPerTokenAndLayer);

    /// <summary>The KV cache of a sequence of <paramref name="tokens"/> tokens: what its next token attends to.</summary>
    public ByteSize KvBytes(int tokens) =>
        new(KvBytesPerTokenAndLayer * (((long)(Layers - SlidingLayers) * tokens) + ((long)SlidingLayers * Math.Min(tokens, SlidingWindow))));

    /// <summary>The same in whole blocks, which is what a paged cache holds and sends: all blocks that have a token in sight.</summary>
    public ByteSize KvBytesInBlocks(int tokens, int blockTokens = 16)
    {
        var end = (tokens + (long)blockTokens - 1) / blockTokens;
        var firstInSight = Math.Max(0, tokens - SlidingWindow) / blockTokens;
        return new(KvBytesPerTokenAndLayer * blockTokens * (((Layers - SlidingLayers) * end) + (SlidingLayers * (end - firstInSight))));
    }

    /// <summary>What one of <paramref name="gpus"/> GPUs keeps of a token under tensor parallelism, which splits KV heads: a head, or MLA's vector, that cannot be split is kept by each.</summary>
    /// <exception cref="ArgumentException">The KV heads do not spread evenly, which vLLM refuses too.</exception>
    public ByteSize KvBytesPerTokenAndGpu(int gpus)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gpus, 1);
        if (KvLoraRank is not null)
            return KvBytesPerToken;
        if (KvHeads % gpus != 0 && gpus % KvHeads != 0)
            throw new ArgumentException($"{Name}'s {KvHeads} KV heads do not spread evenly over {gpus} GPUs.", nameof(gpus));
        return (this with { KvHeads = Math.Max(1, KvHeads / gpus) }).KvBytesPerToken;
    }

    /// <summary>Bytes that moving a prompt's KV takes for each FLOP that computing it again takes, attention left out: what makes a model worth disaggregating.</summary>
    public double KvBytesPerFlop(int tokens) => KvBytes(tokens).Bytes / (tokens * MatrixFlopPerToken);

    long KvBytesPerTokenAndLayer => (KvLoraRank is { } rank ? rank + RopeHeadDim : 2 * KvWidth) * KvDtypeBytes;
}
