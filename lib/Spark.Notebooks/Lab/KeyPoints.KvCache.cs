namespace Spark.Notebooks;

public sealed partial record KeyPoints
{
    /// <summary>Module 02: what a token leaves, what a link's one number hides, when moving pays, and how well the formula told what was measured.</summary>
    public static KeyPoints KvCache(IReadOnlyList<ModelShape> shapes, Recompute compute, KvKnobs knobs, IReadOnlyList<RecordedLinks> recorded, KvMoves moves, params IReadOnlyList<NodeLink> links)
    {
        var (tokens, blockTokens) = (knobs.PromptTokens, knobs.BlockTokens);
        Link[] all = [.. recorded.SelectMany(one => one.Links)];
        return new([Models(shapes, tokens), Guessed(compute.Shape.KvBytesInBlocks(tokens, blockTokens), all), Pays(compute, tokens, blockTokens, all), Arithmetic(moves), .. links.Select(link => Told(moves, link)), OnThisMachine(moves)]);
    }

    static string Models(IReadOnlyList<ModelShape> shapes, int tokens)
    {
        var (most, least) = (shapes.MaxBy(shape => shape.KvBytesPerFlop(tokens))!, shapes.MinBy(shape => shape.KvBytesPerFlop(tokens))!);
        return $"For the same FLOP of prefill, {most.Name} leaves {Figures.Ratio(most.KvBytesPerFlop(tokens) / least.KvBytesPerFlop(tokens))} the bytes of KV that {least.Name} does: the model decides whether moving pays before any network does.";
    }

    static string Guessed(ByteSize bytes, Link[] links)
    {
        Link[] known = [.. links.Where(link => !link.IsAssumed)];
        var (slow, fast) = (known.MaxBy(link => link.Transfer(bytes))!, known.MinBy(link => link.Transfer(bytes))!);
        var assumed = links.Where(link => link.IsAssumed).Select(link => $"{link.Name} {Figures.Show(link.Transfer(bytes).TotalMilliseconds, "ms")}").ToList();
        return $"Between the same two machines {bytes} take {Figures.Show(fast.Transfer(bytes).TotalMilliseconds, "ms")} over {fast.Name} and {Figures.Show(slow.Transfer(bytes).TotalMilliseconds, "ms")} over {slow.Name}"
            + (assumed.Count > 0 ? $"; what had been assumed: {string.Join(", ", assumed)}." : ".");
    }

    static string Pays(Recompute compute, int tokens, int blockTokens, Link[] links)
    {
        var loses = links.Where(link => compute.Ttft(tokens, link, blockTokens) is var parts && parts.Transfer >= parts.Prefill).Select(link => link.Name).ToList();
        return $"{tokens:N0} tokens of {compute.Shape.Name} break even at {Figures.Si(compute.BreakEvenBytesPerSecond(tokens), "B/s")} ({compute.Name}): "
            + (loses.Count == 0 ? "moving wins over every link shown." : $"moving loses over {string.Join(", ", loses)}.");
    }

    static string Arithmetic(KvMoves moves)
    {
        var wrong = moves.Moves.Where(move => move.Moved != moves.Expected(move.PromptTokens)).ToList();
        return wrong.Count == 0
            ? "Here, the engines moved exactly the bytes that the arithmetic says, at every length."
            : $"Here, the engines did not move the bytes that the arithmetic says: at {wrong[0].PromptTokens:N0} tokens {wrong[0].Moved}, not {moves.Expected(wrong[0].PromptTokens)}.";
    }

    static string Told(KvMoves moves, NodeLink link)
    {
        var off = moves.Over(link.Transport).Select(move => move.Transfer.Median / link.LatencyAndBandwidth.Transfer(move.Moved).TotalMilliseconds).Order().ToArray();
        return $"Over {link.Transport} the engines took {Figures.Ratio(off[0])} to {Figures.Ratio(off[^1])} what latency and bandwidth foretold.";
    }

    static string OnThisMachine(KvMoves moves)
    {
        var longest = moves.Moves.GroupBy(move => move.Transport).Select(group => group.Last()).ToArray();
        return $"Moving {longest[0].PromptTokens:N0} tokens was, against computing them again, " + string.Join(" and ", longest.Select(move => $"{Faster(move)} over {move.Transport} ({100 * move.Share.Median:0.#} % of TTFT)")) + ".";
    }

    static string Faster(KvMove move) => move.Transfer.Median < move.Prefill.Median
        ? $"{Figures.Ratio(move.Prefill.Median / move.Transfer.Median)} faster"
        : $"{Figures.Ratio(move.Transfer.Median / move.Prefill.Median)} slower";
}
