namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Cell_execution : IDisposable
{
    readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task The_last_expression_without_a_semicolon_is_the_result()
    {
        Assert.Contains(">3<", await session.RunAsync("1 + 2"));
        var result = Assert.IsType<ExecuteResult>(Assert.Single(session.Shown));
        Assert.Equal(1, result.ExecutionCount);
    }

    [Theory]
    [InlineData("var x = 1;")]
    [InlineData("Console.Write(1)")]
    [InlineData("await Task.Delay(1)")]
    [InlineData("int Twice(int a) => a * 2;")]
    [InlineData("// nothing but a comment")]
    public async Task A_cell_without_a_value_has_no_result(string code) => Assert.Null(await session.RunAsync(code));

    [Theory]
    [InlineData("(string)null")]
    [InlineData("null")]
    public async Task Null_is_a_result(string code) => Assert.Contains("&lt;null&gt;", await session.RunAsync(code));

    [Fact]
    public async Task A_string_is_shown_as_plain_text()
    {
        Assert.Equal("a <b>", await session.RunAsync("\"a <b>\""));
        Assert.NotNull(session.Outputs()[0]!["data"]!["text/plain"]);
    }

    [Fact]
    public async Task Variables_and_methods_persist_and_may_be_redeclared()
    {
        await session.RunAsync("var x = 20; int Twice(int a) => a * 2;");
        Assert.Equal("40", await session.RunAsync("Twice(x).ToString()"));
        await session.RunAsync("var x = \"new\"; string Twice(string a) => a + a;");
        Assert.Equal("newnew", await session.RunAsync("Twice(x)"));
    }

    [Fact]
    public async Task Types_persist_and_may_be_redeclared()
    {
        await session.RunAsync("record Knobs(int Batch);");
        Assert.Equal("8", await session.RunAsync("new Knobs(8).Batch.ToString()"));
        await session.RunAsync("record Knobs(string Name);");
        Assert.Equal("base", await session.RunAsync("new Knobs(\"base\").Name"));
    }

    [Fact]
    public async Task Cells_await_at_top_level()
    {
        await session.RunAsync("async Task<int> Later() { await Task.Yield(); return 7; }\nvar seven = await Later();");
        Assert.Equal("7", await session.RunAsync("seven.ToString()"));
    }

    [Fact]
    public async Task The_default_namespaces_are_those_of_NET_Interactive()
    {
        await session.RunAsync("new StringBuilder(); new ArrayList(); new List<int>().Select(i => i); Task.Yield(); Math.Abs(1);");
        Assert.Contains("CS0103", (await session.FailAsync("Path.GetTempPath()")).Value, StringComparison.Ordinal);
        Assert.Contains("CS0246", (await session.FailAsync("new HttpClient()")).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_using_directive_holds_for_later_cells()
    {
        await session.RunAsync("using System.IO;");
        Assert.Equal("b", await session.RunAsync("Path.GetFileName(\"a/b\")"));
    }

    [Fact]
    public async Task A_file_is_loaded_relative_to_the_notebook()
    {
        session.Folder.Write("scripts/helpers.csx", "int Answer() => 42;");
        Assert.Equal("42", await session.RunAsync("#load \"scripts/helpers.csx\"\nAnswer().ToString()"));
    }

    [Fact]
    public async Task The_notebooks_folder_is_the_current_directory() =>
        Assert.Equal(Path.GetFileName(session.Folder.Path), await session.RunAsync("System.IO.Path.GetFileName(Environment.CurrentDirectory)"));

    [Fact]
    public async Task The_csharp_selector_is_accepted_on_any_line()
    {
        Assert.Equal("a", await session.RunAsync("#!csharp\n\"a\""));
        Assert.Equal("b", await session.RunAsync("\n#!csharp\n\"b\""));
    }

    [Fact]
    public async Task Csharp_14_compiles() =>
        Assert.Equal("3", await session.RunAsync("int[] three = [1, 2, 3];\nclass Box { public int Size { get => field; set => field = value; } }\nnew Box { Size = three.Length }.Size.ToString()"));

    [Fact]
    public async Task Input_from_the_console_is_at_its_end() => Assert.Contains("null", await session.RunAsync("Console.ReadLine()"));
}
