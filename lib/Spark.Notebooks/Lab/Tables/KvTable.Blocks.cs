using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

public static partial class KvTable
{
    /// <summary>Prompts in whole blocks: what a paged cache holds and sends of them.</summary>
    public static Table Blocks(ModelShape shape, int blockTokens, params IReadOnlyList<int> lengths)
    {
        var held = lengths.Select(tokens => shape.KvBytesInBlocks(tokens, blockTokens)).ToArray();
        return new(
            $"{shape.Name} in blocks of {blockTokens} tokens",
            new(
                Numbers("tokens", lengths.Select(tokens => (double)tokens)),
                Numbers("blocks", lengths.Select(tokens => Math.Ceiling(tokens / (double)blockTokens))),
                Numbers("KV (MiB)", lengths.Select(tokens => shape.KvBytes(tokens).MiB)),
                Numbers("held and sent (MiB)", held.Select(size => size.MiB)),
                Numbers("held and sent (MB)", held.Select(size => size.Bytes / 1e6)),
                Numbers("empty (%)", lengths.Zip(held, (tokens, size) => 100 * (1 - (shape.KvBytes(tokens).Bytes / (double)size.Bytes))))),
            Provenance.Computed("tokens ÷ block, rounded up, × bytes a block; 1 MiB = 1,048,576 B, 1 MB = 1,000,000 B"));
    }

    /// <summary>The tokens that fit a recorded engine's cache memory, beside those that it logged.</summary>
    public static Table Pool(RecordedKvCache recorded, ModelShape shape)
    {
        var (token, half) = (shape.KvBytesPerToken.Bytes, ByteSize.FromGiB(LogStepGiB / 2).Bytes);
        (string What, double Tokens, string Formula)[] rows =
        [
            ("logged", recorded.Tokens, $"\"Available KV cache memory: {recorded.Available.GiB:0.##} GiB\", \"GPU KV cache size: {recorded.Tokens:N0} tokens\""),
            ("computed", recorded.Available.Bytes / token, $"{recorded.Available.GiB:0.##} × 2^30 B ÷ {token:N0} B"),
            ("the least that the log's two decimals can mean", (recorded.Available.Bytes - half) / token, "half a hundredth of a GiB less"),
            ("the most", (recorded.Available.Bytes + half) / token, "half a hundredth of a GiB more"),
            ("GB taken for GiB", ByteSize.FromGB(recorded.Available.GiB).Bytes / token, $"{recorded.Available.GiB:0.##} × 10^9 B ÷ {token:N0} B: wrong"),
        ];
        return new(
            $"How many tokens fit: {shape.Name} on a DGX Spark",
            new(
                Words("", rows.Select(row => row.What)),
                Numbers("tokens", rows.Select(row => Math.Floor(row.Tokens))),
                Numbers("off (%)", rows.Select(row => 100 * ((Math.Floor(row.Tokens) / recorded.Tokens) - 1))),
                Words("formula", rows.Select(row => row.Formula))),
            recorded.Provenance);
    }

    const double LogStepGiB = 0.01;
}
