namespace Spark.Engine;

/// <summary>Scratch memory of the forward pass: the residual stream of a whole batch, everything else a tile at a time. Rows are padded with zeros.</summary>
internal sealed unsafe class Activations : IDisposable
{
    readonly NativeBuffer memory;

    public Activations(ModelConfig config, int maxBatchedTokens, int maxSequences)
    {
        const int tile = ForwardBatch.TileTokens;
        var heads = config.Heads * config.HeadDim;
        Hidden = PackedMatrix.Round(config.HiddenSize);
        QkvStride = PackedMatrix.Round(heads) + 2 * PackedMatrix.Round(config.KvHeads * config.HeadDim);
        HeadsStride = PackedMatrix.Round(heads);
        GateUpStride = 2 * PackedMatrix.Round(config.IntermediateSize);
        LogitsStride = PackedMatrix.Round(config.VocabSize);
        var activated = PackedMatrix.Round(config.IntermediateSize);
        var sizes = new long[]
        {
            (long)maxBatchedTokens * Hidden, tile * Hidden, tile * QkvStride, tile * HeadsStride, tile * GateUpStride, tile * activated,
            maxSequences * Hidden, (long)maxSequences * LogitsStride,
        };
        memory = new NativeBuffer(sizeof(float) * sizes.Sum());
        var next = (float*)memory.Pointer;
        float* Take(int index)
        {
            var start = next;
            next += sizes[index];
            return start;
        }
        X = Take(0);
        Normed = Take(1);
        Qkv = Take(2);
        Attended = Take(3);
        GateUp = Take(4);
        Activated = Take(5);
        Final = Take(6);
        Logits = Take(7);
    }

    public int Hidden { get; }
    public int QkvStride { get; }
    public int HeadsStride { get; }
    public int GateUpStride { get; }
    public int LogitsStride { get; }
    public long Bytes => memory.Bytes;

    public float* X { get; }          // [batched tokens, Hidden]
    public float* Normed { get; }     // [tile, Hidden]
    public float* Qkv { get; }        // [tile, QkvStride]: q, k, v
    public float* Attended { get; }   // [tile, HeadsStride]
    public float* GateUp { get; }     // [tile, GateUpStride]: gate, up
    public float* Activated { get; }  // [tile, intermediate]
    public float* Final { get; }      // [sequences, Hidden]
    public float* Logits { get; }     // [sequences, LogitsStride]

    public void Dispose() => memory.Dispose();
}
