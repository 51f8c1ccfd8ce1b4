using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>The arithmetic of KV caches as tables.</summary>
public static partial class KvTable
{
    /// <summary>What one token leaves behind, by model, and what a prompt of <paramref name="tokens"/> does.</summary>
    public static Table Models(IReadOnlyList<ModelShape> shapes, int tokens) => new(
        $"KV cache by model, and that of a prompt of {tokens:N0} tokens",
        new(
            Words("model", shapes.Select(shape => shape.Name)),
            Words("attention", shapes.Select(shape => shape.SlidingLayers > 0 ? $"{shape.Attention}, {shape.SlidingLayers} windows of {shape.SlidingWindow:N0}" : shape.Attention)),
            Words("values a token", shapes.Select(Values)),
            Numbers("B a token", shapes.Select(shape => (double)shape.KvBytesPerToken.Bytes)),
            Numbers("prompt (GiB)", shapes.Select(shape => shape.KvBytes(tokens).GiB)),
            Numbers("B a MFLOP", shapes.Select(shape => 1e6 * shape.KvBytesPerFlop(tokens)))),
        Provenance.Computed("sizes from the models' config.json files, as named in data/models/model-shapes.json; layers × (a key and a value) × KV heads × head size × bytes a value, MLA: layers × (latent + rotary key) × bytes a value; last column: bytes of KV for each million FLOP of prefill, attention's own left out"));

    /// <summary>Each model's arithmetic beside a figure that someone else measured or published.</summary>
    public static Table Checked(IEnumerable<ModelShape> shapes)
    {
        ModelShape[] known = [.. shapes.Where(shape => shape.Published is not null)];
        return new(
            "The arithmetic against figures of others",
            new(
                Words("model", known.Select(shape => shape.Name)),
                Numbers("tokens", known.Select(shape => (double)shape.Published!.Tokens)),
                Words("theirs", known.Select(shape => In(shape.Published!, shape.Published!.Value))),
                Words("computed", known.Select(shape => In(shape.Published!, shape.Published!.Computed(shape)))),
                Words("whose", known.Select(shape => shape.Published!.Source))),
            Provenance.Computed("by the formulas of the table above, for as many tokens; gpt-oss-20b: the layers without a window alone, Mistral: how many times less its window leaves; the others' figures and their sources stand in data/models/model-shapes.json"));
    }

    /// <summary>The same model, had its builders or its operators chosen otherwise.</summary>
    public static Table Variants(ModelShape shape, int tokens)
    {
        (string Choice, ByteSize Token, ByteSize Prompt)[] rows =
        [
            Row($"as it is: {shape.Attention}, {shape.KvDtypeBytes} B a value", shape),
            Row("cache in FP8 or INT8", shape with { KvDtypeBytes = 1 }),
            .. shape.KvLoraRank is null ? [Row($"every one of {shape.Heads} heads keeps its own (MHA)", shape with { KvHeads = shape.Heads }), Row("all heads share one (MQA)", shape with { KvHeads = 1 })]
                : (IEnumerable<(string, ByteSize, ByteSize)>)[Row($"keys and values of all {shape.Heads} heads, not compressed", shape with { KvLoraRank = null })],
            ("as it is, on each of 2 GPUs (tensor parallel)", shape.KvBytesPerTokenAndGpu(2), new((long)tokens * shape.KvBytesPerTokenAndGpu(2).Bytes)),
        ];
        return new(
            $"{shape.Name}, had it been chosen otherwise",
            new(
                Words("choice", rows.Select(row => row.Choice)),
                Numbers("B a token", rows.Select(row => (double)row.Token.Bytes)),
                Numbers($"{tokens:N0} tokens (GiB)", rows.Select(row => row.Prompt.GiB)),
                Numbers("of what it is", rows.Select(row => row.Token.Bytes / (double)rows[0].Token.Bytes))),
            Provenance.Computed("as above, one field of the shape changed"));

        (string, ByteSize, ByteSize) Row(string choice, ModelShape other) => (choice, other.KvBytesPerToken, other.KvBytes(tokens));
    }

    static string Values(ModelShape shape) => shape.KvLoraRank is { } rank
        ? $"{shape.Layers} × ({rank} + {shape.RopeHeadDim})"
        : $"{shape.Layers} × 2 × {shape.KvHeads} × {shape.HeadDim}";

    static string In(PublishedKv published, double value) => FormattableString.Invariant($"{value:#,0.###} {published.Unit}");
}
