using System.Globalization;
using System.Net;
using System.Text;

namespace Spark.Kernel;

/// <summary>A notebook as one HTML file that needs no other: prose, code, outputs with their scripts in order, contents, and where it ran.</summary>
internal static class HtmlPage
{
    static readonly string Style = ReadStyle();

    public static string Render(Notebook notebook, RunFacts facts)
    {
        var prose = new Prose(notebook.Directory);
        var outputs = new OutputHtml(prose);
        var body = new StringBuilder();
        foreach (var cell in notebook.Cells)
            body.Append(cell switch
            {
                { Type: "markdown" } => $"<section class=\"prose\">{prose.Render(cell.Source, cell.Attachments)}</section>\n",
                { IsCode: true } => Code(cell, outputs),
                _ => "",
            });

        var title = prose.Headings.FirstOrDefault(heading => heading.Level == 1)?.Text ?? notebook.Name;
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <style>
            {Style}</style>
            </head>
            <body>
            {Contents(prose.Headings)}
            <main>
            {body}</main>
            <footer>{WebUtility.HtmlEncode(facts.ToString())}</footer>
            </body>
            </html>

            """;
    }

    static string Contents(IReadOnlyList<Heading> headings)
    {
        var items = headings.Where(heading => heading.Level <= 3)
            .Select(heading => $"<li class=\"level-{heading.Level}\"><a href=\"#{WebUtility.HtmlEncode(heading.Id)}\">{WebUtility.HtmlEncode(heading.Text)}</a></li>\n");
        return $"<nav aria-label=\"Contents\"><ul>\n{string.Concat(items)}</ul></nav>";
    }

    static string Code(NotebookCell cell, OutputHtml outputs)
    {
        var prompt = cell.ExecutionCount is { } count ? $"[{count}]" : "[ ]";
        var time = cell.Elapsed is { } elapsed ? $"<span class=\"time\">{Duration(elapsed)}</span>" : "";
        var source = $"<div class=\"source\"><span class=\"prompt\">{prompt}</span>{time}<pre class=\"csharp\"><code>{CSharpHighlighter.Highlight(cell.Source)}</code></pre></div>";
        if (cell.HidesSource)
            source = $"<details><summary>Code</summary>{source}</details>";
        var shown = string.Concat(cell.Outputs.Select(output => $"<div class=\"output\">{outputs.Render(output!)}</div>\n"));
        return $"<section class=\"cell\">\n{source}\n{shown}</section>\n";
    }

    static string Duration(TimeSpan elapsed) => elapsed.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s"),
        _ => $"{(int)elapsed.TotalMinutes} min {elapsed.Seconds} s",
    };

    static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("Page.css")!);
        return reader.ReadToEnd();
    }
}
