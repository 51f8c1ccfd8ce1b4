using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Arithmetic and ceilings as tables.</summary>
public static class ModelSummaries
{
    /// <summary>What follows from a model's sizes, each with its formula.</summary>
    public static Table Summary(this ModelShape shape)
    {
        (string What, string Value, string Formula)[] rows =
        [
            ("parameters", $"{shape.Parameters:N0}", "embedding, attention, feed-forward and norms of all layers"),
            ("weights", Both(shape.WeightBytes), $"parameters × {shape.WeightDtypeBytes} B"),
            ("weights read by a step", Both(shape.WeightBytesPerStep), shape.TiedEmbeddings ? "all: the embedding table is the output matrix too" : "all but the embedding table"),
            ("KV cache a token", $"{shape.KvBytesPerToken.Bytes:N0} B", $"2 × {shape.Layers} layers × {shape.KvHeads} KV heads × {shape.HeadDim} × {shape.KvDtypeBytes} B"),
            ("FLOP a token", Figures.Si(shape.MatrixFlopPerToken, "FLOP"), "2 × the layers' matrices"),
            ("more for each position it attends to", Figures.Si(shape.AttentionFlopPerPosition, "FLOP"), $"4 × {shape.Layers} layers × {shape.Heads} heads × {shape.HeadDim}"),
            ("more for one token's logits", Figures.Si(shape.LogitsFlop, "FLOP"), $"2 × {shape.Vocab:N0} × {shape.Hidden}"),
        ];
        return new(
            $"{shape.Name} in numbers",
            new(Words("", rows.Select(row => row.What)), Words("value", rows.Select(row => row.Value)), Words("formula", rows.Select(row => row.Formula))),
            Provenance.Computed("from the sizes in config.json"));
    }

    static string Both(ByteSize size) => $"{Figures.Si(size.Bytes, "B")} = {size}";

    /// <summary>A node's two ceilings, and the ridge that they make for each buffer size.</summary>
    public static Table Summary(this NodeCeilings ceilings)
    {
        var sizes = ceilings.ReadBytesPerSecond.OrderBy(size => size.Key).ToArray();
        return new(
            $"Ceilings of {ceilings.Node}: {Figures.Si(ceilings.FlopPerSecond, "FLOP/s")} at best",
            new(
                Words("buffer", sizes.Select(size => $"{new ByteSize(size.Key)}")),
                Numbers("read (GB/s)", sizes.Select(size => size.Value / 1e9)),
                Numbers("ridge (FLOP/B)", sizes.Select(size => ceilings.FlopPerSecond / size.Value))),
            Provenance.Measured($"on {ceilings.Node} while it was idle, {(ceilings.Pinned ? "pinned to its cores" : "not pinned")}, vectors of {ceilings.Simd}, {ceilings.Runtime}"));
    }
}
