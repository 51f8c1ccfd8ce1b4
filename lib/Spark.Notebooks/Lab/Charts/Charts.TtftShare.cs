namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>A disaggregated time to first token by link: computing the prompt, moving its KV, the decode engine's first step.</summary>
    public static Chart TtftShare(Recompute compute, int tokens, int blockTokens, params IReadOnlyList<RecordedLinks> recorded)
    {
        Link[] links = [.. recorded.SelectMany(one => one.Links).OrderBy(link => link.Transfer(compute.Shape.KvBytesInBlocks(tokens, blockTokens)))];
        var parts = links.Select(link => compute.Ttft(tokens, link, blockTokens)).ToArray();
        return ChartLayout.Chart(
            $"What a first token waits for: {tokens:N0} tokens of {compute.Shape.Name}",
            "the transfer's share of TTFT: " + string.Join(", ", links.Zip(parts, (link, part) => $"{link.Name} {100 * part.TransferShare:0.#} %")),
            Provenance.Computed($"times of {compute.Name}; queues and HTTP left out. {Provenance.All(recorded.Select(one => one.Provenance)).Text}"),
            plotHeight: 60 + (34 * links.Length),
            [
                Part("prefill", Palette.Prefill, part => part.Prefill),
                Part("KV transfer", Palette.Transfer, part => part.Transfer),
                Part("first decode step", Palette.Decode, part => part.FirstToken),
            ],
            new
            {
                barmode = "stack",
                legend = new { traceorder = "normal" },
                xaxis = ChartLayout.Axis("time (ms)", new { rangemode = "tozero" }),
                yaxis = ChartLayout.Axis("link", new { type = "category", autorange = "reversed", showgrid = false }),
            });

        object Part(string name, string colour, Func<TtftParts, TimeSpan> time) => new
        {
            type = "bar",
            orientation = "h",
            name,
            y = links.Select(link => link.Name),
            x = parts.Select(part => time(part).TotalMilliseconds),
            marker = new { color = colour },
            hovertemplate = "%{y}: %{x:.3g} ms<extra>" + name + "</extra>",
        };
    }
}
