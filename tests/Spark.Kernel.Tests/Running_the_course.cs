using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

public sealed class Running_the_course : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Notebooks_run_in_name_order_each_in_a_fresh_session_with_directory_and_environment_restored()
    {
        folder.Write("notebooks/02_b.ipynb", TestNotebook.OfCode(
            "Console.Write(Environment.GetEnvironmentVariable(\"SPARK_CLUSTER\"));\nConsole.Write($\" {Environment.GetEnvironmentVariable(\"LEFT\") ?? \"unset\"} {System.IO.Path.GetFileName(Environment.CurrentDirectory)}\");",
            "state"));
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode(
            "var state = 1;\nEnvironment.SetEnvironmentVariable(\"LEFT\", \"over\");\nEnvironment.SetEnvironmentVariable(\"SPARK_CLUSTER\", \"changed\");\nEnvironment.CurrentDirectory = \"/\";"));
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run", "--cluster", "local");

        Assert.Equal(1, kernel.ExitCode);
        Assert.Equal("local unset notebooks", Text("artifacts/02_b.ipynb", 0));
        Assert.Contains("02_b: cell 2, line 1: state\nCompilationError: (1,1): error CS0103", kernel.Errors, StringComparison.Ordinal);
        Assert.Matches(@"01_a\s+│\s+1 of 1", kernel.Output);
    }

    [Fact]
    public async Task A_failing_cell_is_named_with_its_line_and_error_and_what_there_is_is_saved()
    {
        folder.Write("notebooks/01_a.ipynb", TestNotebook.Of(
            TestNotebook.Markdown("# A"),
            TestNotebook.Code("Console.WriteLine(\"before\");"),
            TestNotebook.Code("throw new TimeoutException(\"expected\");", "raises-exception"),
            TestNotebook.Code("undefined(", "skip-run"),
            TestNotebook.Code("var a = 0;\nvar b = 1 / a;"),
            TestNotebook.Code("1")));
        folder.Write("notebooks/02_b.ipynb", TestNotebook.OfCode("1"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "deep/inside"));
        using var kernel = await SpawnedKernel.RunAsync(Path.Combine(folder.Path, "deep/inside"), "run", "--out", "results");

        Assert.Equal(1, kernel.ExitCode);
        Assert.Contains("01_a: cell 3, line 2: var b = 1 / a;\nDivideByZeroException: Attempted to divide by zero.", kernel.Errors, StringComparison.Ordinal);
        Assert.Contains("Not run: 02_b.", kernel.Errors, StringComparison.Ordinal);
        Assert.Contains("cell 2 of 4 raised TimeoutException", kernel.Output, StringComparison.Ordinal);
        var cells = Cells("results/01_a.ipynb");
        Assert.Equal([1, 2, null, 3, null], cells.Where(cell => (string?)cell["cell_type"] == "code").Select(cell => (int?)cell["execution_count"]));
        Assert.Equal("DivideByZeroException", (string?)cells[4]["outputs"]![0]!["ename"]);
        Assert.Contains("DivideByZeroException", folder.Read("results/01_a.html"), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "results/02_b.ipynb")));
    }

    [Fact]
    public async Task Modules_are_chosen_by_the_beginning_of_their_names()
    {
        foreach (var name in new[] { "00_a", "01_b", "02_c" })
            folder.Write($"notebooks/{name}.ipynb", TestNotebook.OfCode($"Console.WriteLine(\"{name}\");"));
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run", "--module", "02", "00");
        Assert.Equal(0, kernel.ExitCode);
        Assert.Equal(["00_a.html", "00_a.ipynb", "02_c.html", "02_c.ipynb"], Directory.GetFiles(Path.Combine(folder.Path, "artifacts")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task An_unknown_module_lists_those_that_exist()
    {
        folder.Write("notebooks/01_b.ipynb", TestNotebook.OfCode("1"));
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run", "--module", "07");
        Assert.Equal(2, kernel.ExitCode);
        Assert.Equal("spark-kernel: there is no module '07'; there are: 01_b\n", kernel.Errors);
    }

    [Fact]
    public async Task Without_a_notebooks_folder_nothing_runs()
    {
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run", "--notebooks", "no-such-folder");
        Assert.Equal(2, kernel.ExitCode);
        Assert.Contains("there is no folder 'no-such-folder'", kernel.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_notebook_is_found_before_anything_runs()
    {
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode("1"));
        folder.Write("notebooks/02_b.ipynb", "{");
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run");
        Assert.Equal(2, kernel.ExitCode);
        Assert.Contains("02_b.ipynb: malformed JSON", kernel.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.html", SearchOption.AllDirectories));
    }

    string Text(string notebook, int cell) => MultilineText.Read(Cells(notebook)[cell]["outputs"]![0]!["text"]);

    List<JsonNode> Cells(string notebook) => [.. JsonNode.Parse(folder.Read(notebook))!["cells"]!.AsArray().OfType<JsonNode>()];
}
