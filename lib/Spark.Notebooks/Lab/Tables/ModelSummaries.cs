using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

/// <summary>Arithmetic and ceilings as tables.</summary>
public static class ModelSummaries
{
    /// <summary>What follows from a model's sizes, each with its formula.</summary>
    public static Table Summary(this ModelShape shape)
    {
        (string What, double Value, string Formula)[] rows =
        [
            ("parameters (million)", shape.Parameters / 1e6, "embedding, attention, feed-forward and norms of all layers"),
            ("weights (MiB)", shape.WeightBytes.MiB, $"parameters × {shape.WeightDtypeBytes} B"),
            ("weights read by a step (MiB)", shape.WeightBytesPerStep.MiB, shape.TiedEmbeddings ? "all: the embedding table is the output matrix too" : "all but the embedding table"),
            ("KV cache a token (KiB)", shape.KvBytesPerToken.Bytes / 1024.0, $"2 × {shape.Layers} layers × {shape.KvHeads} KV heads × {shape.HeadDim} × {shape.KvDtypeBytes} B"),
            ("FLOP a token (million)", shape.MatrixFlopPerToken / 1e6, "2 × the layers' matrices"),
            ("FLOP a token and position attended to (thousand)", shape.AttentionFlopPerPosition / 1e3, $"4 × {shape.Layers} layers × {shape.Heads} heads × {shape.HeadDim}"),
            ("FLOP of one token's logits (million)", shape.LogitsFlop / 1e6, $"2 × {shape.Vocab:N0} × {shape.Hidden}"),
        ];
        return new(
            $"{shape.Name} in numbers",
            new(Words("", rows.Select(row => row.What)), Numbers("value", rows.Select(row => row.Value)), Words("formula", rows.Select(row => row.Formula))),
            Provenance.Computed("from the sizes in config.json"));
    }

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
            Provenance.Measured($"on {ceilings.Node} while it was idle, {ceilings.Cpu}, {ceilings.Simd}, {ceilings.Runtime}"));
    }
}
