namespace Spark.Notebooks;

public static partial class Check
{
    /// <summary>How many bytes does a token leave in the KV cache?</summary>
    public static Verdict KvPerToken(ModelShape shape, double? answer) => KvPerToken(shape).Check(answer);

    internal static Exercise KvPerToken(ModelShape shape)
    {
        var (right, values) = ((double)shape.KvBytesPerToken.Bytes, $"{shape.Layers} layers × 2 × {shape.KvHeads} KV heads × {shape.HeadDim} × {shape.KvDtypeBytes} B");
        return new()
        {
            Question = $"How many bytes does one token of {shape.Name} leave in the KV cache? It has {shape.Layers} layers, {shape.Heads} heads of size {shape.HeadDim}, {shape.KvHeads} of them for keys and values, and {shape.KvDtypeBytes} bytes a value.",
            Right = right,
            Unit = "B",
            Tolerance = 0.001,
            Because = $"{values} = {right:N0} B.",
            Hint = "what is kept for a token, in which layers, and for which heads?",
            Formula = "layers × 2 × KV heads × head size × bytes a value.",
            CommonMistakes =
            [
                new(right / 2, "A token keeps a key and a value: that is a factor 2."),
                new(right * shape.Heads / shape.KvHeads, $"Queries are not kept: only the {shape.KvHeads} KV heads count, not all {shape.Heads} heads."),
                new(right / shape.Layers, $"Every one of the {shape.Layers} layers keeps a key and a value of its own."),
                new(right / shape.KvDtypeBytes, $"That is the number of values; each takes {shape.KvDtypeBytes} bytes."),
                new(right / 1024, "That is in KiB; the answer is wanted in bytes."),
            ],
        };
    }
}
