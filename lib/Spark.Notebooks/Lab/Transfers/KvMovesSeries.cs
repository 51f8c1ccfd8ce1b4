namespace Spark.Notebooks;

/// <summary>Module 02's measurement as the series that a results file keeps.</summary>
public static class KvMovesSeries
{
    /// <summary>Transfer, prefill and TTFT over prompt length, for each transport.</summary>
    public static IEnumerable<Series> ToSeries(this KvMoves moves) =>
        from transport in moves.Moves.Select(move => move.Transport).Distinct()
        from figure in new (string Name, Func<KvMove, Distribution> Of)[] { ("KV transfer", move => move.Transfer), ("prefill", move => move.Prefill), ("TTFT of one token", move => move.Ttft) }
        select new Series
        {
            Name = $"{transport}: {figure.Name}",
            X = "prompt tokens",
            Unit = "ms",
            Provenance = Provenance.Of(moves).Text,
            Points = [.. moves.Over(transport).Select(move => new SeriesPoint(move.PromptTokens, figure.Of(move).Values))],
        };
}
