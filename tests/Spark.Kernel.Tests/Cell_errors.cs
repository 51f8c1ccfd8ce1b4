namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Cell_errors : IDisposable
{
    readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_compile_error_gives_its_place_and_shows_its_line()
    {
        var error = await session.FailAsync("var a = 1;\nvar b = a + ;\n");
        Assert.Equal("CompilationError", error.Name);
        Assert.Equal("(2,13): error CS1525: Invalid expression term ';'", error.Value);
        Assert.Equal(new CodeLine(2, "var b = a + ;"), error.At);
        Assert.Equal([error.Value, "    var b = a + ;", "                ^"], error.Traceback);
    }

    [Fact]
    public async Task Every_compile_error_is_told()
    {
        var error = await session.FailAsync("undefined1();\nundefined2();");
        Assert.Equal(2, error.Traceback.Count(line => line.Contains("CS0103", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_compile_error_in_a_loaded_file_names_the_file()
    {
        session.Folder.Write("broken.csx", "int Answer() => nothing;");
        var error = await session.FailAsync("#load \"broken.csx\"");
        Assert.Contains("broken.csx(1,17): error CS0103", error.Value, StringComparison.Ordinal);
        Assert.Null(error.At);
    }

    [Fact]
    public async Task A_runtime_error_gives_type_message_and_line_without_frames_of_the_host()
    {
        var error = await session.FailAsync("var text = \"x\";\n\nint.Parse(text)");
        Assert.Equal("FormatException", error.Name);
        Assert.Contains("'x'", error.Value, StringComparison.Ordinal);
        Assert.Equal(new CodeLine(3, "int.Parse(text)"), error.At);
        Assert.Equal("   at cell 1, line 3: int.Parse(text)", error.Traceback[^1]);
        Assert.DoesNotContain(error.Traceback, line => line.Contains("CodeAnalysis", StringComparison.Ordinal) || line.Contains("Spark.Kernel.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_line_is_that_of_the_running_cell_when_an_earlier_cells_method_throws()
    {
        await session.RunAsync("int Divide(int a, int b)\n{\n    return a / b;\n}");
        var error = await session.FailAsync("\nDivide(1, 0)");
        Assert.Equal(new CodeLine(2, "Divide(1, 0)"), error.At);
        Assert.Equal(["   at Divide in cell 1, line 3: return a / b;", "   at cell 2, line 2: Divide(1, 0)"], error.Traceback.Skip(1));
    }

    [Fact]
    public async Task Async_methods_and_lambdas_keep_their_lines()
    {
        await session.RunAsync("async Task FailAsync()\n{\n    await Task.Yield();\n    throw new InvalidOperationException(\"late\");\n}");
        var error = await session.FailAsync("var all = new[] { 1 };\nawait Task.WhenAll(all.Select(async i => await FailAsync()));");
        Assert.Contains("   at FailAsync in cell 1, line 4: throw new InvalidOperationException(\"late\");", error.Traceback);
        Assert.Equal(2, error.At?.Number);
    }

    [Fact]
    public async Task Inner_exceptions_are_shown()
    {
        var error = await session.FailAsync($"#r \"{TestSession.FixtureLibrary}\"\nFixture.Charts.Chart.Draw();");
        Assert.Equal("InvalidOperationException", error.Name);
        Assert.Equal(2, error.At?.Number);
        Assert.Contains(" ---> System.TimeoutException: the printer did not answer", error.Traceback);
        Assert.Contains(error.Traceback, line => line.Contains("Fixture.Charts.Chart.Draw()", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_aggregate_of_one_is_unwrapped_and_keeps_the_cells_line()
    {
        var error = await session.FailAsync("\nTask.Run(() => int.Parse(\"y\")).Wait();");
        Assert.Equal("FormatException", error.Name);
        Assert.Equal(2, error.At?.Number);
    }

    [Fact]
    public async Task An_aggregate_of_many_shows_each()
    {
        var error = await session.FailAsync("throw new AggregateException(new TimeoutException(\"one\"), new FormatException(\"two\"));");
        Assert.Equal("AggregateException", error.Name);
        Assert.Contains(" ---> System.TimeoutException: one", error.Traceback);
        Assert.Contains(" ---> System.FormatException: two", error.Traceback);
    }

    [Fact]
    public async Task A_failing_cell_keeps_what_was_declared_before()
    {
        await session.RunAsync("var kept = \"kept\";");
        await session.FailAsync("var early = \"early\";\nthrow new TimeoutException();");
        await session.FailAsync("var broken = ;");
        Assert.Equal("kept early", await session.RunAsync("$\"{kept} {early}\""));
    }

    [Fact]
    public async Task A_value_whose_formatter_fails_fails_its_cell()
    {
        var error = await session.FailAsync("new[] { 1, 0 }.Select(i => 1 / i)");
        Assert.Equal("DivideByZeroException", error.Name);
    }
}
