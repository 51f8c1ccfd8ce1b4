using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Spark.Kernel;

/// <summary>A page's Markdown as HTML: pictures become part of it, links to notebooks lead to their pages, headings are collected.</summary>
internal sealed partial class Prose(string directory)
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseAdvancedExtensions().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();
    readonly List<Heading> headings = [];

    public IReadOnlyList<Heading> Headings => headings;

    public string Render(string markdown, JsonObject? attachments)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
            Collect(heading);
        foreach (var link in document.Descendants<LinkInline>())
            Localize(link, attachments);

        using var html = new StringWriter();
        var renderer = new HtmlRenderer(html);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new CodeRenderer());
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new MathInlineRenderer());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new MathBlockRenderer());
        renderer.Render(document);
        return ImageTag().Replace(html.ToString(), tag => tag.Groups[1].Value + (Picture(tag.Groups[2].Value, attachments) ?? tag.Groups[2].Value));
    }

    void Collect(HeadingBlock heading)
    {
        var text = string.Concat(heading.Inline!.Descendants().Select(TextOf));
        var slug = heading.GetAttributes().Id ?? "section";
        var id = slug;
        for (var i = 1; headings.Any(earlier => earlier.Id == id); i++)
            id = $"{slug}-{i}";
        heading.GetAttributes().Id = id;
        headings.Add(new Heading(heading.Level, id, text));
    }

    static string TextOf(MarkdownObject part) => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        MathInline math => math.Content.ToString(),
        LineBreakInline => " ",
        _ => "",
    };

    void Localize(LinkInline link, JsonObject? attachments)
    {
        if (!link.IsImage)
            link.Url = NotebookLink().Replace(link.Url ?? "", ".html$1");
        else if (Picture(link.Url ?? "", attachments) is { } picture)
            link.Url = picture;
        else
            // A page that needs nothing else links to what it cannot hold.
            link.IsImage = false;
    }

    string? Picture(string url, JsonObject? attachments) =>
        url.StartsWith("data:", StringComparison.Ordinal) ? url
        : url.StartsWith("attachment:", StringComparison.Ordinal) ? DataUri.OfAttachment(attachments, Uri.UnescapeDataString(url["attachment:".Length..]))
        : url.Contains("://", StringComparison.Ordinal) ? null
        : DataUri.OfFile(Path.GetFullPath(Uri.UnescapeDataString(url), directory));

    [GeneratedRegex("""(<img\b[^>]*?\bsrc=")([^"]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex ImageTag();

    [GeneratedRegex(@"(?<!://.*)\.ipynb(#.*)?$")]
    private static partial Regex NotebookLink();

    sealed class CodeRenderer : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            var code = block.Lines.ToString();
            if (block is FencedCodeBlock { Info: "csharp" or "cs" or "c#" })
                renderer.Write("<pre class=\"csharp\"><code>").Write(CSharpHighlighter.Highlight(code));
            else
                renderer.Write("<pre><code>").WriteEscape(code);
            renderer.WriteLine("</code></pre>");
        }
    }

    sealed class MathInlineRenderer : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline math) => renderer.Write(MathMl.Render(math.Content.ToString(), "inline"));
    }

    sealed class MathBlockRenderer : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock math) => renderer.WriteLine(MathMl.Render(math.Lines.ToString(), "block"));
    }
}
