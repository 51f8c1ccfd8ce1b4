namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>The bandwidth above which moving a prompt's KV is faster than computing it again, over the prompt's length, and what links reach with as many bytes.</summary>
    public static Chart BreakEven(IReadOnlyList<int> lengths, IReadOnlyList<Recompute> computes, params IReadOnlyList<RecordedLinks> recorded)
    {
        Link[] links = [.. recorded.SelectMany(one => one.Links)];
        var shape = computes[0].Shape;
        return ChartLayout.Chart(
            $"Moving against computing again: break-even bandwidth for {shape.Name}",
            $"against {computes[0].Name}, moving pays " + string.Join("; ", from link in links
                                                                         group link.Name by Pays(computes[0], link, lengths) into same
                                                                         select $"{same.Key} over {string.Join(", ", same)}"),
            Provenance.Computed($"KV bytes ÷ prefill time; links' bandwidth at as many bytes as the prompt has. {Provenance.All(recorded.Select(one => one.Provenance)).Text}"),
            plotHeight: 420,
            [
                .. computes.Select((compute, i) =>
                {
                    var shown = Within(compute, lengths);
                    var line = Line($"break-even: {compute.Name}", [.. shown.Select(tokens => (double)tokens)], [.. shown.Select(tokens => compute.BreakEvenBytesPerSecond(tokens) / 1e9)], i == 0 ? Palette.Single : Palette.Transfer);
                    return (object)PlotlyJson.Merge(line, new { line = new { width = 5 } });
                }),
                .. links.Select(link => Reach(link, shape, lengths)),
            ],
            new
            {
                xaxis = ChartLayout.Axis("prompt (tokens)", new { type = "log", tickvals = lengths, ticktext = lengths.Select(tokens => $"{tokens:N0}") }),
                yaxis = ChartLayout.Axis("bandwidth (GB/s)", new { type = "log", tickvals = RateTicks, ticktext = RateTicks.Select(tick => $"{tick}") }),
            },
            "A link above a break-even line wins by moving");
    }

    static string Pays(Recompute compute, Link link, IReadOnlyList<int> lengths)
    {
        var shown = Within(compute, lengths);
        var pays = shown.Where(tokens => compute.MovingPays(link, tokens)).ToArray();
        return pays.Length == 0 ? "at no length shown"
            : pays.Length == shown.Length ? "at every length shown"
            : pays.SequenceEqual(shown.TakeLast(pays.Length)) ? $"from {pays[0]:N0} tokens on"
            : pays.SequenceEqual(shown.Take(pays.Length)) ? $"up to {pays[^1]:N0} tokens"
            : $"at {string.Join(", ", pays)} tokens";
    }

    static int[] Within(Recompute compute, IReadOnlyList<int> lengths) => [.. lengths.Where(tokens => tokens >= compute.Shortest && tokens <= compute.Longest)];

    static object Reach(Link link, ModelShape shape, IReadOnlyList<int> lengths)
    {
        var style = LinkStyle.Of(link);
        return new
        {
            type = "scatter",
            mode = "lines+markers",
            name = link.Name,
            x = lengths,
            y = lengths.Select(tokens => link.BytesPerSecond(shape.KvBytes(tokens)) / 1e9),
            line = new { color = style.Colour, width = 1.5, dash = style.Dash },
            marker = new { color = style.Colour, size = 6, symbol = style.Symbol },
            hovertemplate = "%{x} tokens: %{y:.3g} GB/s<extra>" + link.Name + "</extra>",
        };
    }
}
