using System.Text.Json.Nodes;
using CsCheck;

namespace Spark.Kernel.Tests;

public sealed class Notebook_documents : IDisposable
{
    const string Canonical = """
        {
         "cells": [
          {
           "attachments": {},
           "cell_type": "markdown",
           "id": "a1",
           "metadata": {},
           "source": [
            "# Titel – „ünïcode“ 🚀\n",
            "tab\t quote\" back\\slash \u0001 </script>  é"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "b2",
           "metadata": {
            "tags": [
             "raises-exception"
            ],
            "unknown": {
             "Z": 1.50,
             "a": [
              true,
              null,
              1e-7
             ]
            }
           },
           "outputs": [],
           "source": []
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": ".NET (C#)",
           "language": "C#",
           "name": ".net-csharp"
          },
          "polyglot_notebook": {
           "kernelInfo": {
            "defaultKernelName": "csharp"
           }
          }
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_canonical_notebook_is_written_back_byte_for_byte()
    {
        var path = folder.Write("a.ipynb", Canonical.ReplaceLineEndings("\n"));
        Notebook.Load(path).Save(Path.Combine(folder.Path, "b.ipynb"));
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Path.Combine(folder.Path, "b.ipynb")));
    }

    [Fact]
    public void Any_text_survives_writing_and_reading() =>
        Gen.String[Gen.Char['\0', '퟿'], 0, 40].Sample(text => (string?)JsonNode.Parse(CanonicalJson.Write(new JsonObject { [text] = text }))![text] == text);

    [Fact]
    public void Keys_are_sorted_and_the_indent_is_one_space() =>
        Assert.Equal("{\n \"B\": [],\n \"a\": {},\n \"b\": [\n  1\n ]\n}\n", CanonicalJson.Write(JsonNode.Parse("""{"b":[1],"a":{},"B":[]}""")!));

    [Fact]
    public void Text_is_split_after_each_line_end_and_nothing_is_lost()
    {
        Assert.Equal(["a\n", "\r\n", "b\r", "c"], MultilineText.Lines("a\n\r\nb\rc").Select(line => (string?)line));
        Gen.String[Gen.Char["ab\n\r\u2028\v"], 0, 20].Sample(text => MultilineText.Read(MultilineText.Lines(text)) == text);
    }

    [Fact]
    public void A_cell_tells_its_tags_and_whether_its_code_is_hidden()
    {
        var cells = Notebook.Load(folder.Write("a.ipynb", TestNotebook.Of(
            TestNotebook.Code("1", "raises-exception", "hide-input"),
            TestNotebook.Code("1", "skip-run"),
            TestNotebook.Code("  \n"),
            TestNotebook.Markdown("x")))).Cells;
        Assert.Equal([true, false, false, false], cells.Select(cell => cell.MayFail));
        Assert.Equal([true, false, false, false], cells.Select(cell => cell.HidesSource));
        Assert.Equal([true, false, false, false], cells.Select(cell => cell.IsRunnable));
    }

    [Theory]
    [InlineData("{\"cells\": [", "malformed JSON")]
    [InlineData("{\"cells\": [], \"cells\": []}", "malformed JSON")]
    [InlineData("[]", "no `nbformat`")]
    [InlineData("{\"a\": 1}", "no `nbformat`")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "nbformat 3 is not supported")]
    [InlineData("{\"nbformat\": 4}", "`cells` is not a list")]
    [InlineData("{\"nbformat\": 4, \"cells\": [1]}", "`cells` is not a list")]
    [InlineData("{\"nbformat\": 4, \"cells\": []}", "names no kernel")]
    [InlineData("{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"kernelspec\": {\"name\": \"python3\", \"language\": \"python\"}}}", "names the kernel 'python3'")]
    [InlineData("{\"nbformat\": \"4\", \"cells\": []}", "wrong type")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": 7}], \"metadata\": {\"kernelspec\": {\"name\": \".net-csharp\"}}}", "wrong type")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": \"1\", \"metadata\": {\"polyglot_notebook\": {\"kernelName\": \"fsharp\"}}}], \"metadata\": {\"kernelspec\": {\"name\": \".net-csharp\"}}}", "cells[0] is written in 'fsharp'")]
    public void What_is_no_csharp_notebook_is_named_with_its_file_and_fault(string content, string fault)
    {
        var path = folder.Write("broken.ipynb", content);
        var error = Assert.Throws<NotebookFormatException>(() => Notebook.Load(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }
}
