namespace Spark.Engine;

/// <summary>A Llama's weights by the names of its Hugging Face checkpoint, packed once for the kernels.</summary>
internal sealed unsafe class LlamaWeights : IDisposable
{
    readonly IWeightSource source;
    readonly bool float32;
    readonly NativeArena memory = new();

    LlamaWeights(ModelConfig config, IWeightSource source, bool float32)
    {
        (this.source, this.float32) = (source, float32);
        var (hidden, heads, kvHeads, ffn) = (config.HiddenSize, config.Heads * config.HeadDim, config.KvHeads * config.HeadDim, config.IntermediateSize);
        Embedding = Matrix(hidden, ("model.embed_tokens.weight", config.VocabSize));
        Output = config.TiedEmbeddings ? Embedding : Matrix(hidden, ("lm_head.weight", config.VocabSize));
        FinalNorm = Vector(("model.norm.weight", hidden));
        Layers = new Layer[config.Layers];
        for (var i = 0; i < Layers.Length; i++)
        {
            var layer = $"model.layers.{i}.";
            var attention = layer + "self_attn.";
            Layers[i] = new()
            {
                AttentionNorm = Vector((layer + "input_layernorm.weight", hidden)),
                Qkv = Matrix(hidden, (attention + "q_proj.weight", heads), (attention + "k_proj.weight", kvHeads), (attention + "v_proj.weight", kvHeads)),
                QkvBias = config.AttentionBias ? Vector((attention + "q_proj.bias", heads), (attention + "k_proj.bias", kvHeads), (attention + "v_proj.bias", kvHeads)) : null,
                AttentionOutput = Matrix(heads, (attention + "o_proj.weight", hidden)),
                AttentionOutputBias = config.AttentionBias ? Vector((attention + "o_proj.bias", hidden)) : null,
                MlpNorm = Vector((layer + "post_attention_layernorm.weight", hidden)),
                GateUp = Matrix(hidden, (layer + "mlp.gate_proj.weight", ffn), (layer + "mlp.up_proj.weight", ffn)),
                Down = Matrix(ffn, (layer + "mlp.down_proj.weight", hidden)),
            };
        }
    }

    /// <summary>Serves as the embedding table too; with tied embeddings also as <see cref="Output"/>.</summary>
    public PackedMatrix Embedding { get; }
    public PackedMatrix Output { get; }
    public float* FinalNorm { get; }
    public Layer[] Layers { get; }
    public long Bytes { get; private set; }

    /// <exception cref="ModelFormatException">Names the tensor that is missing, misshapen or corrupt.</exception>
    public static LlamaWeights Load(ModelConfig config, string directory, bool float32 = false)
    {
        using var checkpoint = new Checkpoint(directory);
        return new LlamaWeights(config, new CheckpointSource(checkpoint), float32);
    }

    /// <summary>Random weights of the same shape, for capacity and speed work without a download (<c>--load-format dummy</c>).</summary>
    public static LlamaWeights Dummy(ModelConfig config, int seed, bool float32 = false) => new(config, new RandomSource(seed), float32);

    PackedMatrix Matrix(int inputs, params (string Name, int Outputs)[] parts)
    {
        var bf16 = !float32 && parts.All(p => source.IsBf16(p.Name, p.Outputs, inputs));
        var packed = new PackedMatrix(memory, inputs, bf16, [.. parts.Select(p => p.Outputs)]);
        Bytes += packed.Bytes;
        var panel = new float[PackedMatrix.PanelWidth * inputs];
        var first = 0;
        foreach (var (name, outputs) in parts)
        {
            source.ReadRows(name, outputs, inputs, (row, values) =>
            {
                var rowOfPanel = row % PackedMatrix.PanelWidth;
                values.CopyTo(panel, rowOfPanel * inputs);
                if (row == outputs - 1)
                    Array.Clear(panel, (rowOfPanel + 1) * inputs, panel.Length - (rowOfPanel + 1) * inputs);
                if (rowOfPanel == PackedMatrix.PanelWidth - 1 || row == outputs - 1)
                    packed.SetPanel(first + row - rowOfPanel, panel);
            });
            first += PackedMatrix.Round(outputs);
        }
        return packed;
    }

    float* Vector(params (string Name, int Size)[] parts)
    {
        var bytes = sizeof(float) * (long)parts.Sum(p => PackedMatrix.Round(p.Size));
        Bytes += bytes;
        var vector = (float*)memory.Take(bytes);
        var target = vector;
        foreach (var (name, size) in parts)
        {
            source.ReadRows(name, 1, size, (_, values) => values.CopyTo(new Span<float>(target, size)));
            target += PackedMatrix.Round(size);
        }
        return vector;
    }

    public void Dispose() => memory.Dispose();

    internal sealed class Layer
    {
        public required float* AttentionNorm { get; init; }
        public required PackedMatrix Qkv { get; init; }              // q, then k, then v
        public required float* QkvBias { get; init; }
        public required PackedMatrix AttentionOutput { get; init; }
        public required float* AttentionOutputBias { get; init; }
        public required float* MlpNorm { get; init; }
        public required PackedMatrix GateUp { get; init; }           // gate, then up
        public required PackedMatrix Down { get; init; }
    }
}
