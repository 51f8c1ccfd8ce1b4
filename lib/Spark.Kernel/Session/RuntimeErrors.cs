using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Spark.Kernel;

/// <summary>Turns exceptions into a cell's error output: inner exceptions shown, frames of cells with their code, frames of the host cut.</summary>
internal sealed partial class RuntimeErrors(Func<int, string> codeOfCell)
{
    public ErrorOutput Describe(Exception thrown, int cell)
    {
        var exception = Unwrap(thrown);
        return new ErrorOutput(exception.GetType().Name, exception.Message, [.. Traceback(exception)], LineIn(cell, thrown));
    }

    /// <summary>Where an interrupt met the cell.</summary>
    public ErrorOutput DescribeInterrupt(Exception thrown, int cell)
    {
        var error = Describe(thrown, cell);
        var value = error.At is null && thrown is OperationCanceledException and not TaskCanceledException ? error.Value : "the cell was interrupted";
        return error with { Name = "Interrupted", Value = value, Traceback = [$"Interrupted: {value}", .. error.Traceback.Where(line => line.StartsWith("   at ", StringComparison.Ordinal))] };
    }

    static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => exception,
    };

    static IReadOnlyList<Exception> InnerExceptions(Exception exception) => exception switch
    {
        AggregateException aggregate => [.. aggregate.InnerExceptions],
        { InnerException: { } inner } => [inner],
        _ => [],
    };

    IEnumerable<string> Traceback(Exception exception)
    {
        var message = $"{exception.GetType().FullName}: {exception.Message}".Split('\n').Select(line => line.TrimEnd());
        var frames = Frames(exception).Select(Show).OfType<string>();
        var inner = InnerExceptions(exception).SelectMany(e => Traceback(Unwrap(e)).Select((line, i) => i == 0 ? $" ---> {line}" : line));
        return [.. message, .. frames, .. inner];
    }

    string? Show(Match frame)
    {
        var method = frame.Groups["method"].Value;
        if (CellOf(frame) is not { } cell)
            return HostMethod().IsMatch(method) ? null : frame.Value.TrimEnd();
        var line = CodeLine.Of(codeOfCell(cell), LineOf(frame));
        return $"   at {MethodName(method)}cell {cell}, line {line.Number}: {line.Text}";
    }

    CodeLine? LineIn(int cell, Exception? exception)
    {
        if (exception is null)
            return null;
        var frame = Frames(exception).FirstOrDefault(frame => CellOf(frame) == cell);
        return frame is null
            ? InnerExceptions(exception).Select(inner => LineIn(cell, inner)).FirstOrDefault(line => line is not null)
            : CodeLine.Of(codeOfCell(cell), LineOf(frame));
    }

    static IEnumerable<Match> Frames(Exception exception) =>
        (exception.StackTrace ?? "").Split('\n').Select(line => Frame().Match(line)).Where(match => match.Success);

    // Submission#3.<<Initialize>>d__0.MoveNext() is the cell itself; Submission#3.<Foo>d__1.MoveNext() and Submission#3.Foo(…) are its method Foo.
    static string MethodName(string method)
    {
        var name = SubmissionMethod().Match(method).Groups["name"].Value;
        return name is "" or "Initialize" ? "" : $"{name} in ";
    }

    static int? CellOf(Match frame) =>
        CellFile().Match(frame.Groups["file"].Value) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    static int LineOf(Match frame) => int.Parse(frame.Groups["line"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s+at (?<method>.+?)(?: in (?<file>.+):line (?<line>\d+))?\s*$")]
    private static partial Regex Frame();

    [GeneratedRegex(@"(?:^|[/\\])cell (\d+)$")]
    private static partial Regex CellFile();

    [GeneratedRegex(@"^Submission#\d+\.(?:<+(?<name>\w+)>|(?:[^(<]*\.)?(?<name>\w+)\(|<>c[^<]*<+(?<name>\w+)>)")]
    private static partial Regex SubmissionMethod();

    [GeneratedRegex(@"^(Microsoft\.CodeAnalysis\.|Spark\.Kernel\.|Microsoft\.DotNet\.Interactive\.Kernel\.|System\.DisplayExtensions\.)")]
    private static partial Regex HostMethod();
}
