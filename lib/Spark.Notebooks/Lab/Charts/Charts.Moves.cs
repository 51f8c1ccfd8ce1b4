namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Real KV caches moved between two nodes, each transport beside its formula, and the prefill that the move spares.</summary>
    public static Chart Moves(KvMoves moves, params IReadOnlyList<NodeLink> links)
    {
        var sizes = moves.Over(links[0].Transport).Select(move => move.Moved).ToArray();
        return ChartLayout.Chart(
            $"Moving the KV of {moves.Shape.Name} between two nodes, against the formula",
            string.Join("; ", links.Select(link => Longest(moves, link))),
            Provenance.Of(moves),
            plotHeight: 380,
            [
                .. links.Select(link => Measured(link.Transport, Colour(link), link.Transport == "tcp" ? "circle" : "diamond", [.. moves.Over(link.Transport)], move => move.Transfer)),
                .. links.Select(link => Line($"{link.Transport}: latency + bytes ÷ bandwidth", [.. sizes.Select(size => (double)size.Bytes)], [.. sizes.Select(size => link.LatencyAndBandwidth.Transfer(size).TotalMilliseconds)], Colour(link), "dash")),
                Measured("computing the same again", Palette.Prefill, "square", [.. moves.Over(links[0].Transport)], move => move.Prefill),
            ],
            new
            {
                xaxis = ChartLayout.Axis("KV moved", SizeTicks(sizes)),
                yaxis = ChartLayout.Axis("time (ms)", new { type = "log", dtick = 1 }),
            },
            "Marks: medians, bars: 10th to 90th percentile");
    }

    static string Longest(KvMoves moves, NodeLink link)
    {
        var move = moves.Over(link.Transport).Last();
        return $"{move.Moved} over {move.Transport} in {Figures.Show(move.Transfer.Median, "ms")} (formula {Figures.Show(link.LatencyAndBandwidth.Transfer(move.Moved).TotalMilliseconds, "ms")}), computed in {Figures.Show(move.Prefill.Median, "ms")}";
    }

    static object Measured(string name, string colour, string symbol, KvMove[] moves, Func<KvMove, Distribution> figure) => new
    {
        type = "scatter",
        mode = "markers",
        name,
        x = moves.Select(move => move.Moved.Bytes),
        y = moves.Select(move => figure(move).Median),
        error_y = Spread([.. moves.Select(figure)], colour),
        marker = new { color = colour, size = 10, symbol },
        customdata = moves.Select(move => $"{move.PromptTokens} tokens, {move.Moved}"),
        hovertemplate = "%{customdata}: %{y:.3g} ms<extra>" + name + "</extra>",
    };

    static string Colour(NodeLink link) => link.Transport == "tcp" ? Palette.Tcp : Palette.Shm;
}
