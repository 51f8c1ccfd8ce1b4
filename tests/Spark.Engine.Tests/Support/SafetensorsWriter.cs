using System.Text.Json;

namespace Spark.Engine.Tests;

/// <summary>Writes checkpoints of random weights, in every format that the loader reads, and on request broken ones.</summary>
sealed class SafetensorsWriter : Dictionary<string, (int[] Shape, float[] Values)>
{
    public string? CutAfter { get; set; }
    public string? WrongOffsets { get; set; }

    public static SafetensorsWriter For(ModelConfig config, int seed = 1)
    {
        var (hidden, ffn, random) = (config.HiddenSize, config.IntermediateSize, new Random(seed));
        var (heads, kv) = (config.Heads * config.HeadDim, config.KvHeads * config.HeadDim);
        var writer = new SafetensorsWriter();
        void Add(string name, params int[] shape) =>
            // Values that bf16, f16 and f32 all hold exactly, so that a checkpoint means the same in each.
            writer[name] = (shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.Next(-100, 100) / 1024f + (shape.Length == 1 ? 1 : 0))]);
        Add("model.embed_tokens.weight", config.VocabSize, hidden);
        if (!config.TiedEmbeddings)
            Add("lm_head.weight", config.VocabSize, hidden);
        Add("model.norm.weight", hidden);
        for (var i = 0; i < config.Layers; i++)
        {
            var layer = $"model.layers.{i}.";
            Add(layer + "input_layernorm.weight", hidden);
            Add(layer + "post_attention_layernorm.weight", hidden);
            foreach (var (name, size) in new[] { ("q", heads), ("k", kv), ("v", kv) })
            {
                Add($"{layer}self_attn.{name}_proj.weight", size, hidden);
                if (config.AttentionBias)
                    Add($"{layer}self_attn.{name}_proj.bias", size);
            }
            Add(layer + "self_attn.o_proj.weight", hidden, heads);
            if (config.AttentionBias)
                Add(layer + "self_attn.o_proj.bias", hidden);
            Add(layer + "mlp.gate_proj.weight", ffn, hidden);
            Add(layer + "mlp.up_proj.weight", ffn, hidden);
            Add(layer + "mlp.down_proj.weight", hidden, ffn);
        }
        return writer;
    }

    /// <param name="dtype">BF16, F16 or F32.</param>
    public void Write(string path, string dtype)
    {
        var (header, data, cut) = (new Dictionary<string, object>(), new MemoryStream(), (long?)null);
        foreach (var (name, (shape, values)) in this)
        {
            var start = data.Length;
            foreach (var value in values)
                data.Write(dtype switch
                {
                    "BF16" => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
                    "F16" => BitConverter.GetBytes((Half)value),
                    _ => BitConverter.GetBytes(value),
                });
            header[name] = new { dtype, shape, data_offsets = new[] { start, data.Length + (name == WrongOffsets ? 4 : 0) } };
            cut ??= name == CutAfter ? start + 8 : null;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        file.Write(data.ToArray().AsSpan(0, (int)(cut ?? data.Length)));
    }
}
