using System.Runtime.InteropServices;
using System.Text;
using Spark.Engine;

namespace Spark.Benchmarks;

/// <summary>
/// <c>gguf</c>: the weights that the engine serves, dummy ones included, in the file format of llama.cpp and its forks
/// (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Without a vocabulary: their benchmarks make tokens by number.
/// </summary>
static class GgufExport
{
    public const string BFloat16 = "bf16", Float32 = "f32";

    const uint Version = 3, Float32Tensor = 0, BFloat16Tensor = 30, Float32File = 0, BFloat16File = 32, Integer = 4, Number = 6, String = 8;
    const int Alignment = 32;

    /// <exception cref="ModelFormatException">Says what of the model this does not write, or what is wrong with it.</exception>
    public static void Write(string model, string file, string type)
    {
        var config = ModelConfig.Load(model);
        if (config.AttentionBias || config.Rope.Type != "default")
            throw new ModelFormatException($"{model} has attention biases or scaled rotary frequencies, which this command does not write. Take a model without them.");
        using var checkpoint = EngineUnderTest.HasWeights(model) ? new Checkpoint(model) : null;
        IWeightSource source = checkpoint is null ? new RandomSource(new EngineOptions { Model = model }.Seed) : new CheckpointSource(checkpoint);
        var tensors = Tensors(config).Select(tensor => tensor with { IsBf16 = type == BFloat16 && tensor.Rows > 1 && source.IsBf16(tensor.Source, tensor.Rows, tensor.Columns) }).ToList();
        var header = Header(
        [
            ("general.name", Path.GetFileName(Path.TrimEndingDirectorySeparator(model))),
            ("general.description", checkpoint is null ? "random weights, no vocabulary" : "a checkpoint's weights, no vocabulary"),
            ("general.file_type", tensors.Exists(tensor => tensor.IsBf16) ? BFloat16File : Float32File),
            .. Sizes(config),
        ], tensors);

        using var output = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(output, header, 0);
        var start = (long)header.Length;
        foreach (var tensor in tensors)
        {
            source.ReadRows(tensor.Source, tensor.Rows, tensor.Columns,
                (row, values) => RandomAccess.Write(output, tensor.IsBf16 ? Bf16(values) : MemoryMarshal.AsBytes<float>(values), start + (tensor.Place(row) * tensor.RowBytes)));
            start += tensor.PaddedBytes;
        }
        RandomAccess.SetLength(output, start);
        Console.WriteLine($"{file}: {start:N0} bytes");
    }

    // In the order in which the engine reads them, on which random values depend.
    static IEnumerable<Tensor> Tensors(ModelConfig config)
    {
        var (hidden, queries, keys, ffn) = (config.HiddenSize, config.Heads * config.HeadDim, config.KvHeads * config.HeadDim, config.IntermediateSize);
        yield return new("model.embed_tokens", "token_embd", config.VocabSize, hidden);
        if (!config.TiedEmbeddings)
            yield return new("lm_head", "output", config.VocabSize, hidden);
        yield return new("model.norm", "output_norm", 1, hidden);
        for (var i = 0; i < config.Layers; i++)
        {
            var (from, to) = ($"model.layers.{i}.", $"blk.{i}.");
            yield return new(from + "input_layernorm", to + "attn_norm", 1, hidden);
            yield return new(from + "self_attn.q_proj", to + "attn_q", queries, hidden, config.HeadDim);
            yield return new(from + "self_attn.k_proj", to + "attn_k", keys, hidden, config.HeadDim);
            yield return new(from + "self_attn.v_proj", to + "attn_v", keys, hidden);
            yield return new(from + "self_attn.o_proj", to + "attn_output", hidden, queries);
            yield return new(from + "post_attention_layernorm", to + "ffn_norm", 1, hidden);
            yield return new(from + "mlp.gate_proj", to + "ffn_gate", ffn, hidden);
            yield return new(from + "mlp.up_proj", to + "ffn_up", ffn, hidden);
            yield return new(from + "mlp.down_proj", to + "ffn_down", hidden, ffn);
        }
    }

    static (string Key, object Value)[] Sizes(ModelConfig config) =>
    [
        ("general.architecture", "llama"),
        ("tokenizer.ggml.model", "no_vocab"),
        ("llama.vocab_size", (uint)config.VocabSize),
        ("llama.context_length", (uint)config.MaxPositions),
        ("llama.embedding_length", (uint)config.HiddenSize),
        ("llama.block_count", (uint)config.Layers),
        ("llama.feed_forward_length", (uint)config.IntermediateSize),
        ("llama.attention.head_count", (uint)config.Heads),
        ("llama.attention.head_count_kv", (uint)config.KvHeads),
        ("llama.attention.key_length", (uint)config.HeadDim),
        ("llama.attention.value_length", (uint)config.HeadDim),
        ("llama.attention.layer_norm_rms_epsilon", config.RmsNormEps),
        ("llama.rope.freq_base", config.Rope.Theta),
    ];

    static byte[] Header((string Key, object Value)[] metadata, List<Tensor> tensors)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Length);
        foreach (var (key, value) in metadata)
        {
            Text(key);
            switch (value)
            {
                case uint integer: writer.Write(Integer); writer.Write(integer); break;
                case float number: writer.Write(Number); writer.Write(number); break;
                case string text: writer.Write(String); Text(text); break;
            }
        }
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            Text($"{tensor.Target}.weight");
            writer.Write(tensor.Rows == 1 ? 1 : 2);
            writer.Write((long)tensor.Columns);
            if (tensor.Rows > 1)
                writer.Write((long)tensor.Rows);
            writer.Write(tensor.IsBf16 ? BFloat16Tensor : Float32Tensor);
            writer.Write(offset);
            offset += tensor.PaddedBytes;
        }
        bytes.SetLength(Aligned(bytes.Length));
        return bytes.ToArray();

        void Text(string text)
        {
            writer.Write((long)Encoding.UTF8.GetByteCount(text));
            writer.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    static ReadOnlySpan<byte> Bf16(float[] values) => MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)));

    static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>A tensor by its names here and there; a vector has one row.</summary>
    /// <param name="RotatedHeadDim">Of queries and keys: value i of a head turns with value i + headDim/2 here, and with its neighbour there.</param>
    sealed record Tensor(string Name, string Target, int Rows, int Columns, int RotatedHeadDim = 0)
    {
        public string Source => $"{Name}.weight";
        public bool IsBf16 { get; init; }
        public long RowBytes => Columns * (IsBf16 ? sizeof(ushort) : sizeof(float));
        public long PaddedBytes => Aligned(Rows * RowBytes);

        public int Place(int row)
        {
            if (RotatedHeadDim == 0)
                return row;
            var (inHead, half) = (row % RotatedHeadDim, RotatedHeadDim / 2);
            return row - inHead + (inHead % half * 2) + (inHead / half);
        }
    }
}
