using static Spark.Notebooks.Table;

namespace Spark.Notebooks;

public static partial class KvTable
{
    /// <summary>What was really moved, beside the formula for it.</summary>
    public static Table Moves(KvMoves moves, params IReadOnlyList<NodeLink> links)
    {
        return new(
            "KV moved between two nodes, against the formula",
            new(
                Words("transport", moves.Moves.Select(move => move.Transport)),
                Numbers("prompt tokens", moves.Moves.Select(move => (double)move.PromptTokens)),
                Numbers("moved (KiB)", moves.Moves.Select(move => move.Moved.Bytes / 1024.0)),
                Numbers("computed (KiB)", moves.Moves.Select(move => moves.Expected(move.PromptTokens).Bytes / 1024.0)),
                Numbers("transfer (ms)", moves.Moves.Select(move => move.Transfer.Median)),
                Numbers("formula (ms)", moves.Moves.Select(move => Formula(move).TotalMilliseconds)),
                Numbers("÷ formula", moves.Moves.Select(move => move.Transfer.Median / Formula(move).TotalMilliseconds)),
                Numbers("prefill (ms)", moves.Moves.Select(move => move.Prefill.Median)),
                Numbers("share of TTFT (%)", moves.Moves.Select(move => 100 * move.Share.Median)),
                Numbers("break-even (MB/s)", moves.Moves.Select(move => move.Moved.Bytes / move.Prefill.Median / 1e3))),
            Provenance.Of(moves));

        TimeSpan Formula(KvMove move) => links.Single(link => link.Transport == move.Transport).LatencyAndBandwidth.Transfer(move.Moved);
    }
}
