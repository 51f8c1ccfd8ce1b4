using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

public sealed class Formatting_notebooks : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_notebook_that_was_run_is_told_with_its_line_and_fixed_back_to_what_it_was()
    {
        var clean = Clean();
        folder.Write("notebooks/01_a.ipynb", clean);
        Assert.Equal((0, "In canonical form: 1 of 1 notebooks.\n"), await FormatAsync());

        var run = JsonNode.Parse(clean)!;
        run["cells"]![1]!["execution_count"] = 7;
        run["cells"]![1]!["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "1" });
        run["cells"]![1]!["metadata"]!["scrolled"] = true;
        run["metadata"]!["language_info"]!["codemirror_mode"] = "text/x-csharp";
        folder.Write("notebooks/01_a.ipynb", run.ToJsonString());
        var (exitCode, said) = await FormatAsync("--check");
        Assert.Equal(1, exitCode);
        Assert.Contains("01_a.ipynb(1): not in canonical form\n1 of 1 notebooks differ: `spark-kernel format --fix`", said, StringComparison.Ordinal);

        Assert.Equal(0, (await FormatAsync("--fix")).ExitCode);
        Assert.Equal(clean, folder.Read("notebooks/01_a.ipynb"));
    }

    [Fact]
    public async Task Missing_double_and_unusual_ids_are_replaced_and_tags_and_hidden_sources_are_kept()
    {
        var hidden = TestNotebook.Code("1", "may-fail");
        hidden["metadata"]!["jupyter"] = new JsonObject { ["source_hidden"] = true };
        var notebook = JsonNode.Parse(TestNotebook.Of(hidden, TestNotebook.Code("2"), TestNotebook.Code("3"), TestNotebook.Markdown("x")))!;
        notebook["cells"]![2]!["id"] = "Not Usual";
        notebook["cells"]![3]!.AsObject().Remove("id");
        var path = folder.Write("one.ipynb", notebook.ToJsonString());
        Assert.Equal(0, (await FormatAsync("--fix", path)).ExitCode);

        var cells = JsonNode.Parse(folder.Read("one.ipynb"))!["cells"]!.AsArray();
        Assert.Equal(["code", "cell-2", "cell-3", "cell-4"], cells.Select(cell => (string?)cell!["id"]));
        Assert.True((bool?)cells[0]!["metadata"]!["jupyter"]!["source_hidden"]);
        Assert.Equal("may-fail", (string?)cells[0]!["metadata"]!["tags"]![0]);
    }

    [Fact]
    public async Task A_file_that_is_no_notebook_is_named_and_left_alone()
    {
        var path = folder.Write("no.ipynb", "{}");
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "format", "--fix", path);
        Assert.Equal(2, kernel.ExitCode);
        Assert.Contains("no.ipynb: not a notebook", kernel.Errors, StringComparison.Ordinal);
        Assert.Equal("{}", folder.Read("no.ipynb"));
    }

    static string Clean()
    {
        var notebook = JsonNode.Parse(TestNotebook.Of(TestNotebook.Markdown("# Title"), TestNotebook.Code("1\n+ 1")))!;
        notebook["metadata"]!["language_info"] = new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp", ["version"] = "14.0" };
        return CanonicalJson.Write(notebook);
    }

    async Task<(int ExitCode, string Output)> FormatAsync(params string[] arguments)
    {
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, ["format", .. arguments]);
        return (kernel.ExitCode, kernel.Output);
    }
}
