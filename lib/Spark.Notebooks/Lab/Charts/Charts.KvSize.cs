namespace Spark.Notebooks;

public static partial class Charts
{
    static readonly string[] KvColours = ["#D55E00", "#E69F00", "#0072B2", "#56B4E9", "#009E73", "#CC79A7", "#7C7C7C"];
    static readonly string[] KvDashes = ["solid", "dash", "dot"];

    /// <summary>The KV cache of one sequence over its length, by model.</summary>
    public static Chart KvSize(IReadOnlyList<ModelShape> shapes)
    {
        const int longest = 1 << 17;
        int[] lengths = [.. Enumerable.Range(4, 14).Select(power => 1 << power)];
        var ordered = shapes.OrderByDescending(shape => shape.KvBytes(longest).Bytes).ToArray();
        return ChartLayout.Chart(
            "KV cache of one sequence over its length",
            $"at {longest:N0} tokens {ordered[0].Name} would keep {ordered[0].KvBytes(longest)}, {ordered[^1].Name} {ordered[^1].KvBytes(longest)}",
            Provenance.Computed("layers × values a token × bytes a value × tokens; layers with a sliding window keep no more than the window; beyond a model's own context length its line goes on as if it went further"),
            plotHeight: 400,
            [
                .. ordered.Select((shape, i) => (object)new
                {
                    type = "scatter",
                    mode = "lines",
                    name = shape.Name,
                    x = lengths,
                    y = lengths.Select(tokens => shape.KvBytes(tokens).GiB),
                    line = new { color = KvColours[i % KvColours.Length], width = 2.5, dash = KvDashes[i / KvColours.Length] },
                    hovertemplate = "%{x} tokens: %{y:.3g} GiB<extra>" + shape.Name + "</extra>",
                }),
            ],
            new
            {
                xaxis = ChartLayout.Axis("tokens", new { type = "log", tickvals = lengths.Where((_, i) => i % 2 == 0), ticktext = lengths.Where((_, i) => i % 2 == 0).Select(tokens => $"{tokens:N0}") }),
                yaxis = ChartLayout.Axis("KV cache (GiB)", new { type = "log", dtick = 1, exponentformat = "none" }),
            });
    }
}
