namespace Spark.Notebooks;

/// <summary>A chart's heading inside the figure, where text does not wrap by itself: title, numbers, provenance.</summary>
internal static class ChartHeading
{
    const int Size = 12;
    const int LineHeight = 16;
    const int TitleHeight = 34;
    const int SentenceWidth = 110;
    const int ProvenanceWidth = 122;

    public static int Height(IReadOnlyCollection<string> lines) => TitleHeight + ((lines.Count - 1) * LineHeight);

    public static string[] Lines(string title, string sentence, Provenance provenance) =>
    [
        $"<b><span style=\"font-size:16px\">{Escape(title)}</span></b>",
        .. Wrap(sentence, SentenceWidth).Select(Escape),
        .. Wrap(provenance.Text, ProvenanceWidth).Select(line => $"<span style=\"font-size:11px\">{Escape(line)}</span>"),
    ];

    public static object Layout(string[] lines) => new
    {
        text = string.Join("<br>", lines),
        x = 0,
        xref = "container",
        xanchor = "left",
        y = 1,
        yref = "container",
        yanchor = "top",
        pad = new { t = 16, l = 10 },
        font = new { size = Size },
    };

    public static string Sentence(Chart chart) => Sentence(chart.Summary, chart.Note);

    public static string Sentence(string summary, string note) =>
        char.ToUpperInvariant(summary[0]) + summary[1..] + (note.Length > 0 ? ". " + note : "");

    static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + word.Length >= width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        yield return line;
    }
}
