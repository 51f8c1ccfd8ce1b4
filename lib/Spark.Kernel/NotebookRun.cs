namespace Spark.Kernel;

/// <summary>Runs one notebook from its first cell to its last, or to the first that fails, and saves what came of it.</summary>
internal sealed class NotebookRun(Notebook notebook, string outputFolder, TimeSpan cellTimeout, Task<Interruption> interrupted, TimeProvider time)
{
    readonly IReadOnlyList<NotebookCell> cells = [.. notebook.Cells.Where(cell => cell.IsRunnable)];
    readonly OutputRecorder recorder = new();
    readonly DateTimeOffset started = time.GetLocalNow();
    readonly long startedAt = time.GetTimestamp();
    volatile string lastLine = "";
    int cellsStarted;

    /// <summary>Raised after each cell.</summary>
    public event Action<CellReport>? CellFinished;

    public RunStatus Status => new(notebook.Name, cellsStarted, cells.Count, Elapsed, lastLine);

    TimeSpan Elapsed => time.GetElapsedTime(startedAt);

    /// <summary>Ends with the notebook; everything that there is by then is saved, whatever happened.</summary>
    public async Task<NotebookResult> RunAsync()
    {
        using var process = new ProcessState();
        using var session = new Session(notebook.Directory);
        session.Shown += recorder.Record;
        session.Shown += NotePrinted;
        Clear();

        CellFailure? failure = null;
        for (var number = 1; number <= cells.Count && failure is null && !interrupted.IsCompleted; number++)
            failure = await RunCellAsync(session, number);
        return Save(failure);
    }

    /// <summary>The failure that ends the notebook, or null when the next cell may run.</summary>
    async Task<CellFailure?> RunCellAsync(Session session, int number)
    {
        cellsStarted = number;
        lastLine = "";
        var cell = cells[number - 1];
        cell.ExecutionCount = number;
        var cellStarted = Elapsed;

        using var ended = new CancellationTokenSource();
        var execution = session.ExecuteAsync(cell.Source);
        var timeout = Task.Delay(cellTimeout, time, ended.Token);
        var first = await Task.WhenAny(execution, timeout, interrupted);
        await ended.CancelAsync();

        var error = first == execution ? await execution : await StopAsync(session, number, execution, first == timeout);
        cell.Elapsed = Elapsed - cellStarted;
        var failure = error is null ? null : Failure(number, error);
        CellFinished?.Invoke(new CellReport(Status, cell.Elapsed.Value, failure));
        return cell.MayFail && first == execution ? null : failure;
    }

    async Task<ErrorOutput> StopAsync(Session session, int number, Task execution, bool timedOut)
    {
        // What it shows of its own end is not why it ended.
        session.Shown -= recorder.Record;
        if (timedOut || !interrupted.Result.IsEndOfProcess)
        {
            session.Interrupt();
            await execution;
        }
        var error = (timedOut, interrupted) switch
        {
            (true, _) => Error("TimeoutException", $"the cell ran longer than {cellTimeout.TotalSeconds:0.###} s (--timeout)"),
            (_, { Result.Error: { } crash }) => session.Describe(crash),
            _ => Error("Interrupted", interrupted.Result.Reason),
        };
        recorder.Record(number, error);
        return error;

        static ErrorOutput Error(string name, string value) => new(name, value, [$"{name}: {value}"]);
    }

    NotebookResult Save(CellFailure? failure)
    {
        for (var i = 0; i < cellsStarted; i++)
            cells[i].Outputs = recorder.OutputsOf(i + 1);
        var target = Path.Combine(outputFolder, notebook.Name);
        notebook.Save(target + ".ipynb");
        File.WriteAllText(target + ".html", HtmlPage.Render(notebook, RunFacts.Of(started, Elapsed)));
        return new NotebookResult
        {
            Notebook = notebook.Name,
            CellsRun = cellsStarted,
            Cells = cells.Count,
            Elapsed = Elapsed,
            OutputFile = target + ".html",
            Failure = failure,
            Interruption = interrupted.IsCompleted ? interrupted.Result : null,
        };
    }

    void Clear()
    {
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode && !cell.IsSkipped))
        {
            cell.ExecutionCount = null;
            cell.Outputs = [];
        }
    }

    CellFailure Failure(int number, ErrorOutput error) => new()
    {
        Notebook = notebook.Name,
        Cell = number,
        Error = error,
        Line = error.At ?? CodeLine.Of(cells[number - 1].Source.TrimStart(), 1),
    };

    void NotePrinted(int cell, Output output)
    {
        if (output is not StreamOutput { Text: var text } || text.TrimEnd() is not { Length: > 0 } printed)
            return;
        lastLine = printed[(printed.LastIndexOfAny(['\r', '\n']) + 1)..];
    }
}
