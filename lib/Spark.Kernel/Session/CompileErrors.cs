using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Spark.Kernel;

/// <summary>Turns compiler errors into a cell's error output: each with its line of code and a caret under its column.</summary>
internal static class CompileErrors
{
    public static ErrorOutput Describe(IEnumerable<Diagnostic> diagnostics, string code, string cellPath)
    {
        var errors = diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        return new ErrorOutput(
            "CompilationError",
            Headline(errors[0], cellPath),
            [.. errors.SelectMany(error => Lines(error, cellPath))],
            errors.Where(error => InCell(error, cellPath)).Select(error => CodeLine.Of(code, Line(error))).FirstOrDefault());
    }

    static IEnumerable<string> Lines(Diagnostic error, string cellPath)
    {
        yield return Headline(error, cellPath);
        if (error.Location.SourceTree is not { } tree)
            yield break;
        var code = tree.GetText().Lines[Line(error) - 1].ToString();
        yield return "    " + code;
        yield return "    " + Indent(code, error.Location.GetLineSpan().StartLinePosition.Character) + "^";
    }

    static string Headline(Diagnostic error, string cellPath)
    {
        var start = error.Location.GetLineSpan().StartLinePosition;
        var file = InCell(error, cellPath) ? "" : error.Location.GetLineSpan().Path;
        return $"{file}({start.Line + 1},{start.Character + 1}): error {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}";
    }

    // Tabs stay tabs, so that the caret stands under its column.
    static string Indent(string code, int column) => string.Concat(code.Take(column).Select(c => c == '\t' ? '\t' : ' '));

    static bool InCell(Diagnostic error, string cellPath) =>
        error.Location.SourceTree is null || error.Location.GetLineSpan().Path == cellPath;

    static int Line(Diagnostic error) => error.Location.GetLineSpan().StartLinePosition.Line + 1;
}
