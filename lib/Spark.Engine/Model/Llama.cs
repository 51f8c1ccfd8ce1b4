namespace Spark.Engine;

/// <summary>
/// The forward pass of a Llama: embedding; per layer attention and a gated MLP, each behind a norm and added to the residual; final norm; logits.
/// A layer takes the batch in tiles of tokens, so that activations stay in cache and memory does not grow with the batch. Every token's
/// arithmetic is the same in any batch and any tile.
/// </summary>
internal sealed unsafe class Llama : IDisposable
{
    readonly ModelConfig config;
    readonly LlamaWeights weights;
    readonly PagedAttention attention;
    readonly Rope rope;
    readonly Activations buffers;
    readonly int kOffset, vOffset, upOffset;

    public Llama(ModelConfig config, LlamaWeights weights, KvLayout layout, SchedulerLimits limits)
    {
        (this.config, this.weights) = (config, weights);
        attention = new PagedAttention(layout, config.Heads, limits.MaxModelLen);
        rope = new Rope(config.Rope, config.HeadDim, limits.MaxModelLen);
        buffers = new Activations(config, limits.MaxNumBatchedTokens, limits.MaxNumSeqs);
        kOffset = PackedMatrix.Round(config.Heads * config.HeadDim);
        vOffset = kOffset + PackedMatrix.Round(config.KvHeads * config.HeadDim);
        upOffset = PackedMatrix.Round(config.IntermediateSize);
    }

    /// <summary>Runs the batch, writing its K and V into the cache.</summary>
    /// <returns>Logits [rows that asked for them, vocabulary], valid until the next pass.</returns>
    public Logits Forward(ForwardBatch batch, KvPool cache)
    {
        Embed(batch);
        for (var layer = 0; layer < config.Layers; layer++)
            for (var tile = 0; tile < batch.Tiles; tile++)
            {
                Attention(weights.Layers[layer], layer, batch.Tile(tile), cache);
                Mlp(weights.Layers[layer], batch.Tile(tile));
            }
        return Output(batch);
    }

    void Embed(ForwardBatch batch)
    {
        var x = buffers.X;
        foreach (var run in batch.Runs)
            foreach (var token in run.Tokens.Span)
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)config.VocabSize, nameof(batch));   // native memory lies beyond
                weights.Embedding.GetRow(token, x);
                x += buffers.Hidden;
            }
    }

    void Attention(LlamaWeights.Layer layer, int index, TokenTile tile, KvPool cache)
    {
        var x = buffers.X + (long)tile.FirstRow * buffers.Hidden;   // [tokens, hidden]
        RmsNorm.Apply(x, tile.Tokens, config.HiddenSize, buffers.Hidden, layer.AttentionNorm, config.RmsNormEps, buffers.Normed);
        MatMul.Multiply(buffers.Normed, buffers.Hidden, tile.Tokens, layer.Qkv, buffers.Qkv, buffers.QkvStride);
        if (layer.QkvBias != null)
            Bias.Add(buffers.Qkv, tile.Tokens, buffers.QkvStride, layer.QkvBias);
        foreach (var part in tile.Parts)
            for (var i = 0; i < part.Tokens; i++)
            {
                var qkv = buffers.Qkv + (long)(part.Row + i) * buffers.QkvStride;
                rope.Rotate(qkv, config.Heads, part.FirstPosition + i);
                rope.Rotate(qkv + kOffset, config.KvHeads, part.FirstPosition + i);
                attention.Write(cache, index, part.BlockTable.Span, part.FirstPosition + i, qkv + kOffset, qkv + vOffset);
            }
        foreach (var part in tile.Parts)
            attention.Attend(cache, index, part.BlockTable.Span, part.FirstPosition, part.Tokens,
                buffers.Qkv + (long)part.Row * buffers.QkvStride, buffers.QkvStride, buffers.Attended + (long)part.Row * buffers.HeadsStride, buffers.HeadsStride);
        MatMul.Multiply(buffers.Attended, buffers.HeadsStride, tile.Tokens, layer.AttentionOutput, x, buffers.Hidden, accumulate: true);
        if (layer.AttentionOutputBias != null)
            Bias.Add(x, tile.Tokens, buffers.Hidden, layer.AttentionOutputBias);
    }

    void Mlp(LlamaWeights.Layer layer, TokenTile tile)
    {
        var x = buffers.X + (long)tile.FirstRow * buffers.Hidden;   // [tokens, hidden]
        RmsNorm.Apply(x, tile.Tokens, config.HiddenSize, buffers.Hidden, layer.MlpNorm, config.RmsNormEps, buffers.Normed);
        MatMul.Multiply(buffers.Normed, buffers.Hidden, tile.Tokens, layer.GateUp, buffers.GateUp, buffers.GateUpStride);
        SwiGlu.Apply(buffers.GateUp, tile.Tokens, upOffset, buffers.GateUpStride, buffers.Activated);
        MatMul.Multiply(buffers.Activated, upOffset, tile.Tokens, layer.Down, x, buffers.Hidden, accumulate: true);
    }

    Logits Output(ForwardBatch batch)
    {
        var (row, last) = (0, -1);
        foreach (var run in batch.Runs)
        {
            last += run.Tokens.Length;
            if (run.NeedsLogits)
                RmsNorm.Apply(buffers.X + (long)last * buffers.Hidden, 1, config.HiddenSize, buffers.Hidden, weights.FinalNorm, config.RmsNormEps, buffers.Final + (long)row++ * buffers.Hidden);
        }
        MatMul.Multiply(buffers.Final, buffers.Hidden, row, weights.Output, buffers.Logits, buffers.LogitsStride);
        return new Logits(buffers.Logits, row, config.VocabSize, buffers.LogitsStride);
    }

    /// <summary>Scratch memory that the forward pass holds beside weights and KV cache, in bytes.</summary>
    public long ActivationBytes => attention.Bytes + rope.Bytes + buffers.Bytes;

    public void Dispose()
    {
        attention.Dispose();
        rope.Dispose();
        buffers.Dispose();
    }
}
