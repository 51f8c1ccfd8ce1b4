using System.Diagnostics.CodeAnalysis;
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
    readonly Dictionary<int, string> codes = [];
    readonly LineLabels labels = new();
    readonly Submissions submissions;
    readonly RuntimeErrors runtimeErrors;
    readonly ConsoleCapture console;
    readonly SessionOptions options;
    CancellationTokenSource? interrupt;
    int running;

    /// <summary>Paths in <c>#r</c> and <c>#load</c> are relative to <paramref name="directory"/>, which becomes the current one.</summary>
    public Session(string directory, SessionOptions? options = null)
    {
        this.options = options ?? new SessionOptions();
        Directory.SetCurrentDirectory(directory);
        Formatter.ResetToDefault();
        submissions = new Submissions(directory, this.options.CopiesLibraries);
        runtimeErrors = new RuntimeErrors(cell => codes[cell]);
        console = new ConsoleCapture(Print, this.options.Input);
        open = this;
    }

    /// <summary>A cell's number, counted from 1, and what it shows. Raised in order, one at a time, on the thread that shows it.</summary>
    public event Action<int, Output>? Shown;

    /// <summary>The session of the cell on whose behalf the caller runs, or the open one where that did not flow.</summary>
    public static Session Current =>
        CellContext.Current?.Session ?? open ?? throw new InvalidOperationException("Values are displayed by the cells of a notebook; none is open.");

    /// <summary>The number of the latest cell that counted.</summary>
    public int Counted { get; private set; }

    /// <summary>Runs a cell to its end, or to its interrupt; the error that it also raised, or null. The next cell's number is the same after one that does not count.</summary>
    public async Task<ErrorOutput?> ExecuteAsync(string code, bool counts = true)
    {
        var cell = running = Counted + 1;
        if (counts)
            Counted = cell;
        codes[cell] = code;
        var interrupted = (interrupt = new CancellationTokenSource()).Token;
        CellContext.Current = new CellContext(this, cell, interrupted);
        var error = await FailureOfAsync(code, cell, interrupted);
        interrupt = null;
        if (error is not null)
            Show(error);
        return error;
    }

    /// <summary>Stops the running cell, if there is one; what it and earlier ones declared stays.</summary>
    public void Interrupt()
    {
        InterruptPoint.Arm();
        _ = interrupt?.CancelAsync();
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

    /// <summary>The latest cell's compilation, which knows everything that a next one may name.</summary>
    public Script LatestScript() => submissions.Latest;

    /// <summary>Loads the compiler and the formatters while nothing else is to be done.</summary>
    public Task WarmUpAsync() => Task.Run(async () =>
    {
        await submissions.WarmUpAsync();
        MimeBundle.Of(1, MimeBundle.PreferredTypes(1));
    });

    /// <summary>Prints an exception that nothing caught, on a thread that a cell left running.</summary>
    public void TellUnhandled(Exception exception)
    {
        var error = runtimeErrors.Describe(exception, CellContext.Current?.Cell ?? running);
        Print("stderr", $"An exception that nothing caught ended a background thread.\n{string.Join('\n', error.Traceback)}\n");
    }

    /// <summary>An exception that no cell awaits, told as an error of the running cell.</summary>
    public ErrorOutput Describe(Exception exception) => runtimeErrors.Describe(exception, running);

    public void Dispose()
    {
        console.Dispose();
        submissions.Dispose();
        if (open == this)
            open = null;
    }

    async Task<ErrorOutput?> FailureOfAsync(string code, int cell, CancellationToken interrupted)
    {
        try
        {
            await InterruptibleRun.RunAsync(() => RunAsync(code, cell), interrupted);
            return null;
        }
        catch (CellRefusedException refused)
        {
            var at = CodeLine.Of(code, refused.Line);
            return new ErrorOutput("CellRefused", refused.Message, [$"line {at.Number}: {refused.Message}", $"    {at.Text}"], at);
        }
        catch (CompilationErrorException failed)
        {
            return CompileErrors.Describe(failed.Diagnostics, code, submissions.PathOf(cell));
        }
        catch (Exception exception) when (interrupted.IsCancellationRequested)
        {
            return runtimeErrors.DescribeInterrupt(exception, cell);
        }
        catch (Exception exception)
        {
            return runtimeErrors.Describe(exception, cell);
        }
    }

    async Task RunAsync(string code, int cell)
    {
        if (await submissions.RunAsync(code, cell) is (true, var value))
            Show(new ExecuteResult(MimeBundle.Of(value, MimeBundle.PreferredTypes(value)), cell));
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
            Show(new StreamOutput(stream, IsLabelled(origin) ? labels.Mark(text, origin.Cell, stream) : text));
    }

    bool IsLabelled([NotNullWhen(true)] CellContext? origin) => !options.KeepsOutputWithItsCell && origin?.Cell < running;

    void Show(Output output)
    {
        var cell = options.KeepsOutputWithItsCell && CellContext.Current is { } origin && origin.Session == this ? origin.Cell : running;
        lock (emitting)
            Shown?.Invoke(cell, output);
    }
}
