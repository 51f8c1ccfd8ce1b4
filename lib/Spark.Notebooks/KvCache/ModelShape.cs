namespace Spark.Notebooks;

/// <summary>The sizes of a Llama-architecture model (grouped-query attention, SwiGLU, RMSNorm) that fix its parameters, bytes and FLOP.</summary>
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
    public int MaxPositions { get; init; }
    public int WeightDtypeBytes { get; init; } = 2;
    public int KvDtypeBytes { get; init; } = 2;

    long QueryWidth => (long)Heads * HeadDim;
    long KvWidth => (long)KvHeads * HeadDim;

    /// <summary>Parameters of one layer's matrices: query and output, key and value, gate, up and down.</summary>
    long LayerMatrices => (2 * Hidden * QueryWidth) + (2 * Hidden * KvWidth) + (3L * Hidden * Ffn);

    long LayerVectors => (2L * Hidden) + (AttentionBias ? QueryWidth + (2 * KvWidth) + Hidden : 0);

    long Embedding => (long)Vocab * Hidden;

    public long Parameters => Embedding + (Layers * (LayerMatrices + LayerVectors)) + Hidden + (TiedEmbeddings ? 0 : Embedding);

    public ByteSize WeightBytes => new(Parameters * WeightDtypeBytes);

    /// <summary>What one step reads of the weights: all but an untied embedding table, of which a step looks up single rows.</summary>
    public ByteSize WeightBytesPerStep => new((Parameters - (TiedEmbeddings ? 0 : Embedding)) * WeightDtypeBytes);

    /// <summary>K and V of every layer for one token.</summary>
    public ByteSize KvBytesPerToken => new(2L * Layers * KvWidth * KvDtypeBytes);

    /// <summary>Multiply-adds of the layers' matrices for one token, two FLOP each.</summary>
    public double MatrixFlopPerToken => 2.0 * Layers * LayerMatrices;

    /// <summary>FLOP of attention for one query over one cached position: QK^T and the weighted sum of V, in every layer.</summary>
    public double AttentionFlopPerPosition => 4.0 * Layers * QueryWidth;

    public double LogitsFlop => 2.0 * Embedding;
}
