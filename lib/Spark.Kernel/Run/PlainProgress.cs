namespace Spark.Kernel;

/// <summary>One line a finished cell, for logs.</summary>
internal sealed class PlainProgress(TextWriter log) : IProgressDisplay
{
    public Task<NotebookResult> ShowAsync(NotebookRun run)
    {
        run.CellFinished += Write;
        return run.RunAsync();
    }

    void Write(CellReport cell)
    {
        var outcome = cell.Failure is { } failure ? $"raised {failure.Error.Name}" : "done";
        log.WriteLine($"{cell.Status.Notebook}: cell {cell.Status.Cell} of {cell.Status.Cells} {outcome} in {cell.Elapsed.TotalSeconds:0.0} s");
        log.Flush();
    }
}
