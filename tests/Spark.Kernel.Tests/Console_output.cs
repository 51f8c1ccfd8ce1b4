namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Console_output : IDisposable
{
    readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Text_is_shown_while_the_cell_runs()
    {
        var running = session.RunAsync("Console.WriteLine(\"first\");\nSystem.IO.File.WriteAllText(\"printed\", \"\");\nwhile (System.IO.File.Exists(\"printed\")) await Task.Delay(5);");
        var printed = Path.Combine(session.Folder.Path, "printed");
        while (!File.Exists(printed))
            await Task.Delay(5);
        Assert.Equal("first\n", Text());
        File.Delete(printed);
        await running;
    }

    [Fact]
    public async Task Pieces_of_one_stream_run_together_and_the_streams_keep_their_order()
    {
        await session.RunAsync("Console.Write('a'); Console.Write(1); Console.WriteLine(\" b\");\nConsole.Error.WriteLine(\"oops\");\nConsole.Out.Write(new[] { 'c', 'd' });\ndisplay(\"shown\");\nConsole.Write(2.5);");
        Assert.Equal(
            ["stdout:a1 b\n", "stderr:oops\n", "stdout:cd", "display:shown", "stdout:2.5"],
            session.Outputs().Select(output => (string?)output!["output_type"] == "stream"
                ? $"{output["name"]}:{TestSession.Text(output["text"])}"
                : $"display:{TestSession.Text(output["data"]!["text/plain"])}"));
    }

    [Fact]
    public async Task Text_is_stored_in_lines()
    {
        await session.RunAsync("Console.Write(\"one\\ntwo\\nthree\");");
        Assert.Equal(["one\n", "two\n", "three"], session.Outputs()[0]!["text"]!.AsArray().Select(line => (string?)line));
    }

    [Fact]
    public async Task Threads_that_a_cell_starts_print_into_it()
    {
        await session.RunAsync("var thread = new System.Threading.Thread(() => Console.WriteLine(\"from a thread\"));\nthread.Start(); thread.Join();\nawait Task.Run(() => Console.WriteLine(\"from a task\"));");
        Assert.Equal("from a thread\nfrom a task\n", Text());
    }

    [Fact]
    public async Task Concurrent_lines_stay_whole()
    {
        await session.RunAsync("await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => { for (var n = 0; n < 50; n++) Console.WriteLine(new string((char)('a' + i), 20)); })));");
        var lines = Text().TrimEnd().Split('\n');
        Assert.Equal(400, lines.Length);
        Assert.All(lines, line => Assert.Equal(new string(line[0], 20), line));
    }

    [Fact]
    public async Task Background_work_of_an_earlier_cell_is_labelled_line_by_line()
    {
        await session.RunAsync("var go = new TaskCompletionSource();\nvar background = Task.Run(async () => { await go.Task; Console.Write(\"half \"); Console.WriteLine(\"line\"); Console.WriteLine(\"next\"); });");
        await session.RunAsync("Console.WriteLine(\"mine\");\ngo.SetResult(); await background;");
        Assert.Empty(session.Outputs(1));
        Assert.Equal("mine\n[cell 1] half line\n[cell 1] next\n", Text());
    }

    [Fact]
    public async Task Background_work_that_prints_between_cells_is_not_lost()
    {
        await session.RunAsync("var go = new TaskCompletionSource();\nvar background = Task.Run(async () => { await go.Task; Console.WriteLine(\"late\"); });");
        await session.RunAsync("_ = Task.Run(async () => { await Task.Delay(20); go.SetResult(); });");
        while (session.Outputs().Count == 0)
            await Task.Delay(5);
        Assert.Equal("[cell 1] late\n", Text());
    }

    [Fact]
    public async Task Work_left_by_an_earlier_session_prints_nowhere()
    {
        using var go = new ManualResetEventSlim();
        AppContext.SetData("go", go);
        await session.RunAsync("var go = (System.Threading.ManualResetEventSlim)AppContext.GetData(\"go\");\nvar left = Task.Run(() => { go.Wait(); Console.WriteLine(\"stray\"); });\nAppContext.SetData(\"left\", left);");
        session.Dispose();
        using var later = new TestSession();
        go.Set();
        await (Task)AppContext.GetData("left")!;
        Assert.Empty(later.Shown);
    }

    [Theory]
    [InlineData("Console.Write(\"a\\rb\");", "b")]
    [InlineData("for (var i = 0; i <= 100; i += 50) Console.Write($\"\\rsweep {i}%\");\nConsole.WriteLine();", "sweep 100%\n")]
    [InlineData("Console.Write(\"10 of 10\\r9\");", "90 of 10")]
    [InlineData("Console.Write(\"windows\\r\\nlines\\r\\n\");", "windows\nlines\n")]
    [InlineData("Console.Write(\"first\\n50%\\r100%\\nlast\");", "first\n100%\nlast")]
    [InlineData("Console.Write(\"ab\\bc\");", "ac")]
    public async Task Overwritten_text_is_stored_as_a_terminal_shows_it(string code, string stored)
    {
        await session.RunAsync(code);
        Assert.Equal(stored, Text());
    }

    [Fact]
    public async Task Carriage_returns_are_shown_live()
    {
        await session.RunAsync("Console.Write(\"\\r50%\"); Console.Write(\"\\r100%\");");
        Assert.Equal(["\r50%", "\r100%"], session.Shown.Cast<StreamOutput>().Select(stream => stream.Text));
    }

    [Fact]
    public async Task The_hosts_console_is_given_back()
    {
        session.Dispose();
        var host = Console.Out;
        using (var later = new TestSession())
        {
            await later.RunAsync("Console.WriteLine(\"into the cell\");");
            Assert.NotSame(host, Console.Out);
        }
        Assert.Same(host, Console.Out);
    }

    string Text() => TestSession.Text(session.Outputs()[0]!["text"]);
}
