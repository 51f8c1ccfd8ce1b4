namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Refused_cells : IDisposable
{
    readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("#r \"System.Net.Http.Json\" // JSON", 1, "nothing may follow")]
    [InlineData("#r \"System.Net.Http.Json\";", 1, "nothing may follow")]
    [InlineData("\n#r \"nuget: Plotly.NET, 6.0.0\"", 2, "reference the built library")]
    [InlineData("#i \"nuget:/feed\"", 1, "not supported")]
    [InlineData("var a = 1;\n#!time\na", 2, "`#!time` is not supported")]
    [InlineData("#!import other.ipynb", 1, "`#!import other.ipynb` is not supported")]
    [InlineData("using System.IO;\nnamespace Mine { class Box; }", 2, "cannot declare a namespace")]
    [InlineData("namespace Mine;\nclass Box;", 1, "cannot declare a namespace")]
    [InlineData("var a = 1;\nusing var stream = new System.IO.MemoryStream();", 2, "write `using (")]
    [InlineData("await using var stream = new System.IO.MemoryStream();", 1, "write `using (")]
    [InlineData("using System.IO.MemoryStream stream = new();", 1, "write `using (")]
    public async Task What_no_cell_may_hold_is_named_with_its_line(string code, int line, string message)
    {
        var error = await session.FailAsync(code);
        Assert.Equal("CellRefused", error.Name);
        Assert.Equal(line, error.At?.Number);
        Assert.Contains(message, error.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_refused_cell_runs()
    {
        await session.FailAsync("Console.Write(\"ran\");\n#!time");
        Assert.IsType<ErrorOutput>(Assert.Single(session.Shown));
    }

    [Fact]
    public async Task A_missing_library_is_named_with_the_command_that_builds_it()
    {
        var error = await session.FailAsync("#r \"../lib/Spark.Notebooks/bin/Release/net10.0/Spark.Notebooks.dll\"");
        Assert.Contains(Path.GetFullPath("../lib/Spark.Notebooks/bin/Release/net10.0/Spark.Notebooks.dll", session.Folder.Path), error.Value, StringComparison.Ordinal);
        Assert.Contains("`dotnet build -c Release` builds it", error.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_library_elsewhere_is_named_without_a_guess()
    {
        var error = await session.FailAsync("#r \"libs/other.dll\"");
        Assert.Contains("other.dll does not exist", error.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet build", error.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_magic_command_in_a_string_is_text() =>
        Assert.Equal("#!time", await session.RunAsync("\"\"\"\n#!time\n\"\"\""));

    [Fact]
    public async Task A_using_statement_is_fine() =>
        Assert.Null(await session.RunAsync("using (var stream = new System.IO.MemoryStream()) { stream.WriteByte(1); }"));
}
