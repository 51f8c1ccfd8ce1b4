namespace Spark.Notebooks;

/// <summary>
/// The sizes that fix a transformer's KV cache and, for dense models of Llama's kind (grouped-query attention, SwiGLU, RMSNorm), its parameters, bytes and FLOP.
/// </summary>
public sealed partial record ModelShape
{
    public required string Name { get; init; }
    public required int Layers { get; init; }
    public required int Hidden { get; init; }
    public required int Heads { get; init; }
    public required int KvHeads { get; init; }
    public required int HeadDim { get; init; }
    public required int Ffn { get; init; }
    public required int Vocab { get; init; }
    public required bool TiedEmbeddings { get; init; }
    public bool AttentionBias { get; init; }

    /// <summary>Whether queries and keys are normalised, as in Qwen3: two more vectors of a head's size a layer.</summary>
    public bool QueryKeyNorm { get; init; }
    public int MaxPositions { get; init; }
    public int WeightDtypeBytes { get; init; } = 2;
    public int KvDtypeBytes { get; init; } = 2;

    /// <summary>Of a mixture of experts, as published: all parameters, and those that one token uses.</summary>
    public long? TotalParameters { get; init; }
    public long? ActiveParameters { get; init; }

    /// <summary>Where the sizes are published; null for a config.json on this machine.</summary>
    public string? Source { get; init; }

    long QueryWidth => (long)Heads * HeadDim;
    long KvWidth => (long)KvHeads * HeadDim;

    /// <summary>Parameters of one layer's matrices: query and output, key and value, gate, up and down.</summary>
    long LayerMatrices => (2 * Hidden * QueryWidth) + (2 * Hidden * KvWidth) + (3L * Hidden * Ffn);

    long LayerVectors => (2L * Hidden) + (AttentionBias ? QueryWidth + (2 * KvWidth) + Hidden : 0) + (QueryKeyNorm ? 2 * HeadDim : 0);

    long Embedding => (long)Vocab * Hidden;

    public long Parameters => TotalParameters ?? Embedding + (Layers * (LayerMatrices + LayerVectors)) + Hidden + (TiedEmbeddings ? 0 : Embedding);

    public ByteSize WeightBytes => new(Parameters * WeightDtypeBytes);

    /// <summary>What one step reads of the weights: all but an untied embedding table, of which a step looks up single rows.</summary>
    public ByteSize WeightBytesPerStep => new((Parameters - (TiedEmbeddings ? 0 : Embedding)) * WeightDtypeBytes);

    /// <summary>Multiply-adds of the layers' matrices for one token, two FLOP each.</summary>
    public double MatrixFlopPerToken => ActiveParameters is { } active ? 2.0 * (active - Embedding) : 2.0 * Layers * LayerMatrices;

    /// <summary>FLOP of attention for one query over one cached position: QK^T and the weighted sum of V, in every layer.</summary>
    public double AttentionFlopPerPosition => 4.0 * Layers * QueryWidth;

    public double LogitsFlop => 2.0 * Embedding;
}
