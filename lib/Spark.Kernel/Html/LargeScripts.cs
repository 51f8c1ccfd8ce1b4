using System.Text;

namespace Spark.Kernel;

/// <summary>Keeps the first of identical large inline scripts of a page, such as a chart library that every output carries.</summary>
internal sealed class LargeScripts
{
    const int LargeCharacters = 100_000;
    readonly HashSet<string> seen = [];

    /// <summary>The HTML without the large scripts that the page already has.</summary>
    public string DropRepeated(string html)
    {
        var kept = new StringBuilder();
        var position = 0;
        while (NextScript(html, position) is var (start, end))
        {
            kept.Append(html, position, start - position);
            if (end - start < LargeCharacters || seen.Add(html[start..end]))
                kept.Append(html, start, end - start);
            position = end;
        }
        return kept.Append(html, position, html.Length - position).ToString();
    }

    static (int Start, int End)? NextScript(string html, int from)
    {
        const string Close = "</script>";
        var start = html.IndexOf("<script", from, StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : html.IndexOf(Close, start, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? null : (start, end + Close.Length);
    }
}
