using Spectre.Console;

namespace Spark.Kernel;

/// <summary>One line that keeps changing while a notebook runs: cell, time, and what it last printed.</summary>
internal sealed class LiveProgress(IAnsiConsole console) : IProgressDisplay
{
    static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    public async Task<NotebookResult> ShowAsync(NotebookRun run)
    {
        var result = await console.Status().Spinner(Spinner.Known.Dots).StartAsync(Line(run.Status), context => WatchAsync(run, context));
        console.MarkupLine($"{(result.ExitCode == 0 ? "[green]✓[/]" : "[red]✗[/]")} {result.Notebook.EscapeMarkup()}  {result.CellsRun} cells  {result.Elapsed.TotalSeconds:0.0} s");
        return result;
    }

    async Task<NotebookResult> WatchAsync(NotebookRun run, StatusContext context)
    {
        var running = Task.Run(run.RunAsync);
        while (await Task.WhenAny(running, Task.Delay(Refresh)) != running)
            context.Status(Line(run.Status));
        return await running;
    }

    string Line(RunStatus status)
    {
        var facts = $"{status.Notebook}  cell {status.Cell} of {status.Cells}  {status.Elapsed.TotalSeconds:0.0} s";
        var room = Math.Max(0, console.Profile.Width - facts.Length - 6);
        var printed = status.LastLine.Length <= room ? status.LastLine : status.LastLine[..room];
        return $"{facts.EscapeMarkup()}  [grey]{printed.Trim().EscapeMarkup()}[/]";
    }
}
