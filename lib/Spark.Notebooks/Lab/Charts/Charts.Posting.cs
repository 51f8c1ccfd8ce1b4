namespace Spark.Notebooks;

public static partial class Charts
{
    /// <summary>Where the time of a NIXL message goes between two Sparks, host memory left, GPU memory right: the sender's software, or the wire.</summary>
    public static Chart Posting((IReadOnlyList<RecordedPost> Messages, Provenance Provenance) recorded)
    {
        var memories = recorded.Messages.GroupBy(message => message.Memory).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        return ChartLayout.Chart(
            "Recorded: where the time of a NIXL message goes",
            string.Join("; ", memories.Select(group => $"{Memory(group.Key)}: posting takes {Share(group.MinBy(message => message.Size)!):0.## %} of the time at {group.Min(message => message.Size)}, {Share(group.MaxBy(message => message.Size)!):0.## %} at {group.Max(message => message.Size)}")),
            recorded.Provenance,
            plotHeight: 300,
            [
                .. memories.SelectMany((group, i) => new[]
                {
                    Part("posting: software, before it is under way", Palette.Prefill, i, group, message => message.Post),
                    Part("transferring", Palette.Transfer, i, group, message => message.Transfer),
                }),
            ],
            new
            {
                barmode = "stack",
                xaxis = ChartLayout.Axis($"message, in {Memory(memories[0].Key)}", new { type = "category", domain = new[] { 0, 0.45 }, nticks = 6, tickangle = 0 }),
                yaxis = ChartLayout.Axis("time a GB (s)", new { rangemode = "tozero" }),
                xaxis2 = ChartLayout.Axis($"message, in {Memory(memories[^1].Key)}", new { type = "category", domain = new[] { 0.55, 1 }, nticks = 6, tickangle = 0 }),
                yaxis2 = ChartLayout.Axis("time a GB (s)", new { anchor = "x2", rangemode = "tozero" }),
            },
            "Time divided by size; mind that the two scales differ. One rail");
    }

    static object Part(string name, string colour, int side, IEnumerable<RecordedPost> messages, Func<RecordedPost, TimeSpan> time) => new
    {
        type = "bar",
        name,
        legendgroup = name,
        showlegend = side == 0,
        xaxis = side == 0 ? "x" : "x2",
        yaxis = side == 0 ? "y" : "y2",
        x = messages.Select(message => $"{message.Size}"),
        y = messages.Select(message => time(message).TotalSeconds / message.Size.GB),
        marker = new { color = colour },
        customdata = messages.Select(message => Figures.Show(time(message).TotalMicroseconds, "µs")),
        hovertemplate = "%{x}: %{customdata}<extra>" + name + "</extra>",
    };

    static double Share(RecordedPost message) => message.Post / (message.Post + message.Transfer);

    static string Memory(string name) => name == "DRAM" ? "host memory" : "GPU memory";
}
