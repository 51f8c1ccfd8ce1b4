using System.Globalization;
using Spectre.Console;

namespace Spark.Kernel;

/// <summary>The table at the end of a run: one row a module.</summary>
internal static class Summary
{
    public static void Print(IAnsiConsole console, IEnumerable<NotebookResult> results, IEnumerable<Notebook> notRun, string root)
    {
        var table = new Table().RoundedBorder().AddColumns("Module", "Cells", "Seconds", "Result", "Output");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        foreach (var result in results)
            table.AddRow(
                result.Notebook.EscapeMarkup(),
                $"{result.CellsRun} of {result.Cells}",
                result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),
                Outcome(result),
                Path.GetRelativePath(root, result.OutputFile).EscapeMarkup());
        foreach (var notebook in notRun)
            table.AddRow(notebook.Name.EscapeMarkup(), "", "", "[yellow]not run[/]", "");
        console.Write(table);
    }

    static string Outcome(NotebookResult result) => result switch
    {
        { Interruption: not null } => "[yellow]interrupted[/]",
        { Failure: { } failure } => $"[red]cell {failure.Cell} failed[/]",
        _ => "[green]passed[/]",
    };
}
