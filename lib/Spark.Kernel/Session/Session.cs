using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Kernel;

/// <summary>
/// Executes C# cells one after the other in one growing program and raises what they show while they run.
/// Console, current directory and formatters belong to the process, so one session is open at a time.
/// </summary>
internal sealed class Session : IDisposable
{
    static Session? open;

    readonly Lock emitting = new();
    readonly List<string> cells = [];
    readonly LineLabels labels = new();
    readonly Submissions submissions;
    readonly RuntimeErrors runtimeErrors;
    readonly ConsoleCapture console;

    /// <summary>Paths in <c>#r</c> and <c>#load</c> are relative to <paramref name="directory"/>, which becomes the current one.</summary>
    public Session(string directory)
    {
        Directory.SetCurrentDirectory(directory);
        Formatter.ResetToDefault();
        submissions = new Submissions(directory);
        runtimeErrors = new RuntimeErrors(cell => cells[cell - 1]);
        console = new ConsoleCapture(Print);
        open = this;
    }

    /// <summary>A cell's number, counted from 1, and what it shows. Raised in order, one at a time, on the thread that shows it.</summary>
    public event Action<int, Output>? Shown;

    /// <summary>The session of the cell on whose behalf the caller runs, or the open one where that did not flow.</summary>
    public static Session Current =>
        CellContext.Current?.Session ?? open ?? throw new InvalidOperationException("Values are displayed by the cells of a notebook; none is open.");

    /// <summary>Runs a cell to its end; the error that it also raised, or null.</summary>
    public Task<ErrorOutput?> ExecuteAsync(string code)
    {
        cells.Add(code);
        var cell = cells.Count;
        // A thread of its own: a cell that blocks takes none from the pool that its own tasks need.
        return Task.Factory.StartNew(() => ExecuteAsync(code, cell), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Formats a value and shows it in the running cell; with no MIME types, those that its type prefers.</summary>
    public DisplayedValue Display(object? value, params IReadOnlyCollection<string> mimeTypes)
    {
        var types = mimeTypes.Count > 0 ? mimeTypes : MimeBundle.PreferredTypes(value);
        return Display(MimeBundle.Of(value, types), types);
    }

    public DisplayedValue DisplayText(string text, string mimeType) => Display(MimeBundle.OfText(mimeType, text), [mimeType]);

    public void Update(string displayId, object? value, IReadOnlyCollection<string> mimeTypes) =>
        Show(new UpdateDisplayData(MimeBundle.Of(value, mimeTypes), displayId));

    /// <summary>An exception that no cell awaits, told as an error of the running cell.</summary>
    public ErrorOutput Describe(Exception exception) => runtimeErrors.Describe(exception, cells.Count);

    public void Dispose()
    {
        console.Dispose();
        submissions.Dispose();
        if (open == this)
            open = null;
    }

    async Task<ErrorOutput?> ExecuteAsync(string code, int cell)
    {
        CellContext.Current = new CellContext(this, cell);
        ErrorOutput error;
        try
        {
            if (await submissions.RunAsync(code, cell) is (true, var value))
                Show(new ExecuteResult(MimeBundle.Of(value, MimeBundle.PreferredTypes(value)), cell));
            return null;
        }
        catch (CellRefusedException refused)
        {
            var at = CodeLine.Of(code, refused.Line);
            error = new ErrorOutput("CellRefused", refused.Message, [$"line {at.Number}: {refused.Message}", $"    {at.Text}"], at);
        }
        catch (CompilationErrorException failed)
        {
            error = CompileErrors.Describe(failed.Diagnostics, code, submissions.PathOf(cell));
        }
        catch (Exception exception)
        {
            error = runtimeErrors.Describe(exception, cell);
        }
        Show(error);
        return error;
    }

    DisplayedValue Display(JsonObject data, IReadOnlyCollection<string> mimeTypes)
    {
        var displayed = new DisplayedValue(this, Guid.NewGuid().ToString("N"), mimeTypes);
        Show(new DisplayData(data, displayed.DisplayId));
        return displayed;
    }

    void Print(string stream, string text)
    {
        var origin = CellContext.Current;
        // What an earlier session left running has no place among the outputs of this one.
        if (origin is not null && origin.Session != this)
            return;
        lock (emitting)
            Show(new StreamOutput(stream, origin?.Cell < cells.Count ? labels.Mark(text, origin.Cell, stream) : text));
    }

    void Show(Output output)
    {
        lock (emitting)
            Shown?.Invoke(cells.Count, output);
    }
}
