using System.Collections.Concurrent;
using Spectre.Console;

namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Progress_on_the_terminal : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ConcurrentQueue<string> written = [];
    readonly CellWriter terminal;

    public Progress_on_the_terminal() => terminal = new CellWriter(written.Enqueue);

    string Text => string.Concat(written);

    public void Dispose()
    {
        terminal.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task It_shows_cell_and_last_printed_line_while_the_notebook_runs()
    {
        // The cell ends when the line that it printed has been seen on the terminal.
        AppContext.SetData("seen", () => Text.Contains("sweep 50%", StringComparison.Ordinal));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes });
        console.Profile.Width = 120;
        var result = await new LiveProgress(console).ShowAsync(Run(
            "var seen = (Func<bool>)AppContext.GetData(\"seen\");\nConsole.Write(\"\\rsweep 49%\");\nConsole.Write(\"\\rsweep 50%\\n\\n\");\nwhile (!seen()) await Task.Delay(10);",
            "1"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("01_a  cell 1 of 2", Text, StringComparison.Ordinal);
        Assert.Contains("✓", Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_log_it_is_one_line_a_cell()
    {
        var result = await new PlainProgress(terminal).ShowAsync(Run("Console.WriteLine(\"printed\");", "throw new TimeoutException();"));
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"\A01_a: cell 1 of 2 done in [0-9.]+ s\n01_a: cell 2 of 2 raised TimeoutException in [0-9.]+ s\n\z", Text);
    }

    NotebookRun Run(params string[] cells)
    {
        var notebook = Notebook.Load(folder.Write("01_a.ipynb", TestNotebook.OfCode(cells)));
        return new NotebookRun(notebook, folder.Path, TimeSpan.FromMinutes(1), new TaskCompletionSource<Interruption>().Task, TimeProvider.System);
    }
}
