using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

public static partial class KvTable
{
    /// <summary>What moving the KV of a prompt takes over each link, and what share of the time to first token that is.</summary>
    public static Table Transfers(Recompute compute, int tokens, int blockTokens, params IReadOnlyList<RecordedLinks> recorded)
    {
        Link[] links = [.. recorded.SelectMany(one => one.Links)];
        var bytes = compute.Shape.KvBytesInBlocks(tokens, blockTokens);
        var parts = links.Select(link => compute.Ttft(tokens, link, blockTokens)).ToArray();
        return new(
            $"Moving {tokens:N0} tokens of {compute.Shape.Name}: {bytes} = {Figures.Si(bytes.Bytes, "B")}",
            new(
                Words("link", links.Select(link => link.Name)),
                Words("known from", links.Select(link => link.IsAssumed ? "an assumption" : "a recording")),
                Numbers("transfer (ms)", parts.Select(part => part.Transfer.TotalMilliseconds)),
                Numbers("bandwidth (GB/s)", links.Select(link => link.BytesPerSecond(bytes) / 1e9)),
                Numbers("prefill (ms)", parts.Select(part => part.Prefill.TotalMilliseconds)),
                Numbers("share of TTFT (%)", parts.Select(part => 100 * part.TransferShare)),
                Words("moving against computing again", parts.Select(part => part.Transfer < part.Prefill ? $"{Figures.Ratio(part.Prefill / part.Transfer)} faster" : $"{Figures.Ratio(part.Transfer / part.Prefill)} slower"))),
            Provenance.Computed($"latency and bandwidth by size from the recordings, beyond their largest message at its bandwidth; TTFT: prefill, transfer and one decode step of {compute.Name}, nothing else. {Provenance.All(recorded.Select(one => one.Provenance)).Text}"));
    }

    /// <summary>The same bytes in pieces of several sizes, one piece after another.</summary>
    public static Table Pieces(Link link, ByteSize whole, params IReadOnlyList<(string What, ByteSize Size)> pieces) => new(
        $"{whole} over {link.Name}, in pieces",
        new(
            Words("piece", pieces.Select(piece => piece.What)),
            Words("its size", pieces.Select(piece => $"{piece.Size}")),
            Numbers("pieces", pieces.Select(piece => Math.Ceiling(whole.Bytes / (double)piece.Size.Bytes))),
            Numbers("all, one after another (ms)", pieces.Select(piece => link.Transfer(whole, piece.Size).TotalMilliseconds)),
            Numbers("bandwidth (GB/s)", pieces.Select(piece => link.BytesPerSecond(piece.Size) / 1e9))),
        Provenance.Computed($"pieces × the time of one, from the link's recorded curve (below its smallest message: from its latency); {link.Name}'s latency is {Figures.Show(link.Latency.TotalMicroseconds, "µs")}"));
}
