using System.Net;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks;

/// <summary>Something a cell shows: HTML for a notebook, one line of text elsewhere.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Html, Mime.Text])]
public abstract record Display
{
    public abstract string ToHtml();

    public abstract string ToText();

    public sealed override string ToString() => ToText();

    protected static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A box with a coloured edge that takes its ink and ground from the page, light or dark.</summary>
    protected static string Box(string colour, string inner) =>
        $"""<div style="border-left:4px solid {colour};padding:.4em .9em;margin:.3em 0;background:rgba(128,128,128,.08);line-height:1.5">{inner}</div>""";
}
