namespace Spark.Notebooks;

/// <summary>A figure on a model's KV cache that someone measured or published, to check the arithmetic against.</summary>
public sealed record PublishedKv
{
    /// <summary>How many tokens the figure is for.</summary>
    public required int Tokens { get; init; }
    public required double Value { get; init; }

    /// <summary>kB (1,000 B), MiB, GiB, or <c>times</c>.</summary>
    public required string Unit { get; init; }

    /// <summary><c>pool</c>: every layer keeps every token. <c>fullAttention</c>: the layers without a window. <c>windowSaving</c>: how many times less the window leaves.</summary>
    public required string What { get; init; }
    public required string Source { get; init; }

    /// <summary>The arithmetic's own value for it, in its unit.</summary>
    public double Computed(ModelShape shape) => What switch
    {
        "pool" => InUnit((double)Tokens * shape.KvBytesPerToken.Bytes),
        "fullAttention" => InUnit((double)Tokens * shape.KvBytesPerFurtherToken.Bytes),
        "windowSaving" => (double)(shape with { SlidingLayers = 0 }).KvBytes(Tokens).Bytes / shape.KvBytes(Tokens).Bytes,
        _ => throw new InvalidDataException($"{shape.Name}: what a published figure is about must be pool, fullAttention or windowSaving, not \"{What}\"."),
    };

    double InUnit(double bytes) => bytes / Unit switch
    {
        "kB" => 1e3,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => throw new InvalidDataException($"A published figure's unit must be kB, MiB or GiB, not \"{Unit}\"."),
    };
}
