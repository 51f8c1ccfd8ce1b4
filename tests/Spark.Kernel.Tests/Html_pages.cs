using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Spark.Kernel.Tests;

public sealed partial class Html_pages : IDisposable
{
    static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    static readonly RunFacts Facts = new(new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.Zero), TimeSpan.FromSeconds(12.34), "a machine", ".NET 10");
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        File.WriteAllBytes(folder.Write("img/pixel.png", ""), Pixel);
        var page = Render(
            TestNotebook.Markdown("![local](img/pixel.png) <img src=\"img/pixel.png\"> ![remote](https://example.org/a.png) [link](https://example.org)"),
            WithOutput("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            WithOutput("image/png", Convert.ToBase64String(Pixel)));
        Assert.Empty(Loads().Matches(page).Select(match => match.Value));
        Assert.Equal(4, Regex.Count(page, "src=\"data:image/"));
        Assert.Contains("<a href=\"https://example.org/a.png\">remote</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Attachments_become_part_of_the_page()
    {
        var cell = TestNotebook.Markdown("![p](attachment:p.png)");
        cell["attachments"] = new JsonObject { ["p.png"] = new JsonObject { ["image/png"] = Convert.ToBase64String(Pixel) } };
        Assert.Contains("<img src=\"data:image/png;base64,iVBOR", Render(cell), StringComparison.Ordinal);
    }

    [Fact]
    public void Prose_is_rendered_with_tables_tasks_formulas_and_raw_html()
    {
        var page = Render(TestNotebook.Markdown("# Title\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n\n$a_{kv}^2 \\le \\frac{1}{2}$ and <mark>raw</mark>\n\n```csharp\nvar x = 1;\n```"));
        Assert.Contains("<td style=\"text-align: right;\">2</td>", page, StringComparison.Ordinal);
        Assert.Contains("type=\"checkbox\" checked", page, StringComparison.Ordinal);
        Assert.Contains("<msubsup><mi>a</mi><mi>kv</mi><mn>2</mn></msubsup><mo>≤</mo><mfrac>", page, StringComparison.Ordinal);
        Assert.Contains("<mark>raw</mark>", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"k\">var</span> x", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Headings_make_the_title_and_a_table_of_contents_with_unique_links()
    {
        var page = Render(TestNotebook.Markdown("# The `KV` cache\n## Exercise"), TestNotebook.Markdown("## Exercise"));
        Assert.Contains("<title>The KV cache</title>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#exercise\">Exercise</a>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#exercise-1\">Exercise</a>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"exercise-1\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_to_notebooks_lead_to_their_pages() =>
        Assert.Contains("href=\"02_KV.html#links\"", Render(TestNotebook.Markdown("[next](02_KV.ipynb#links)")), StringComparison.Ordinal);

    [Fact]
    public void Code_is_highlighted_and_loses_no_character()
    {
        const string Source = "// <b>\n#r \"x.dll\"\nvar s = $\"{1 + 2:N0} & \" + nameof(List<int>);\nawait Foo.BarAsync(s) !broken";
        var html = CSharpHighlighter.Highlight(Source);
        Assert.Equal(Source, System.Net.WebUtility.HtmlDecode(Tag().Replace(html, "")));
        Assert.Contains("<span class=\"c\">// &lt;b&gt;</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"t\">Foo</span>.<span class=\"m\">BarAsync</span>", html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"k\">await</span>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jupyter")]
    [InlineData("tag")]
    public void Hidden_code_is_folded(string how)
    {
        var cell = how == "tag" ? TestNotebook.Code("var solution = 1;", "hide-input") : TestNotebook.Code("var solution = 1;");
        if (how == "jupyter")
            cell["metadata"] = new JsonObject { ["jupyter"] = new JsonObject { ["source_hidden"] = true } };
        Assert.Contains("<details><summary>Code</summary>", Render(cell), StringComparison.Ordinal);
    }

    [Fact]
    public void Html_outputs_keep_their_scripts_in_order_and_untouched()
    {
        const string First = "<script>if (1 < 2 && \"é\") window.a = '<b>';</script>";
        const string Second = "<div id=\"c\"></div><script>draw('c', {\"x\":\"<\\/script>\"});</script>";
        var page = Render(WithOutput("text/html", First), WithOutput("text/html", Second));
        Assert.InRange(page.IndexOf(First, StringComparison.Ordinal), 0, page.IndexOf(Second, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_identical_large_scripts_the_first_is_kept()
    {
        var library = $"<script>/*{new string('x', 200_000)}*/</script>";
        var page = Render(WithOutput("text/html", library + "<p>one</p>"), WithOutput("text/html", "<p>two</p>" + library + "<script>small()</script>"), WithOutput("text/html", "<script>small()</script>"));
        Assert.Equal(1, Regex.Count(page, "xxxxx\\*/"));
        Assert.Equal(2, Regex.Count(page, Regex.Escape("<script>small()</script>")));
        Assert.InRange(page.IndexOf(library, StringComparison.Ordinal), 0, page.IndexOf("<p>one</p>", StringComparison.Ordinal));
    }

    [Fact]
    public void The_richest_type_of_an_output_is_shown()
    {
        var page = Render(WithOutput(new JsonObject { ["application/vnd.plotly.v1+json"] = new JsonObject(), ["text/html"] = "<b>rich</b>", ["text/plain"] = "poor" }));
        Assert.Contains("<b>rich</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("poor", page, StringComparison.Ordinal);
        Assert.Contains("<em>md</em>", Render(WithOutput("text/markdown", "*md*")), StringComparison.Ordinal);
        Assert.Contains("1 &lt; 2", Render(WithOutput("text/plain", "1 < 2")), StringComparison.Ordinal);
        Assert.Contains("\"a\": 1", System.Net.WebUtility.HtmlDecode(Render(WithOutput(new JsonObject { ["application/json"] = new JsonObject { ["a"] = 1 } }))), StringComparison.Ordinal);
        Assert.Contains("application/x-unknown", Render(WithOutput("application/x-unknown", "?")), StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_and_errors_are_readable_text()
    {
        var cell = TestNotebook.Code("x");
        cell["outputs"] = new JsonArray(
            new JsonObject { ["output_type"] = "stream", ["name"] = "stderr", ["text"] = new JsonArray("a<b>\n", "\u001b[31mred\u001b[0m") },
            new JsonObject { ["output_type"] = "error", ["ename"] = "IOException", ["evalue"] = "no <disk>", ["traceback"] = new JsonArray("System.IO.IOException: no <disk>", "one", "two") });
        var page = Render(cell);
        Assert.Contains("<pre class=\"stream stderr\">a&lt;b&gt;\nred</pre>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>IOException</strong> no &lt;disk&gt;<pre>one\ntwo</pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_footer_tells_when_where_and_how_long() =>
        Assert.Contains("Executed 2026-11-23 09:30 +00:00 in 12.3 s on a machine, .NET 10", System.Net.WebUtility.HtmlDecode(Render()), StringComparison.Ordinal);

    static JsonObject WithOutput(string mimeType, string text) => WithOutput(new JsonObject { [mimeType] = text });

    static JsonObject WithOutput(JsonObject data)
    {
        var cell = TestNotebook.Code("1");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "display_data", ["data"] = data, ["metadata"] = new JsonObject() });
        return cell;
    }

    string Render(params IEnumerable<JsonObject> cells) => HtmlPage.Render(Notebook.Load(folder.Write("page.ipynb", TestNotebook.Of(cells))), Facts);

    // Whatever makes a browser fetch: sources, style sheets and imports; not links to follow.
    [GeneratedRegex("""src\s*=\s*(?!["']?data:)[^\s>]+|<link\b[^>]*>|@import|url\((?!["']?data:)""", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
