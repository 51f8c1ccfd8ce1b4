using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Spark.Kernel;

/// <summary>Refuses, before it runs, what would hang, be ignored or be misunderstood in some host of C# notebooks.</summary>
internal static partial class CellRules
{
    /// <summary>The code to compile: the cell's own, line for line, with <c>#!csharp</c> turned into a comment.</summary>
    /// <exception cref="CellRefusedException">The cell breaks a rule.</exception>
    public static string Apply(string code, string directory, CSharpParseOptions options)
    {
        var root = CSharpSyntaxTree.ParseText(code, options).GetRoot();
        foreach (var directive in root.DescendantTrivia().Where(trivia => trivia.IsDirective))
            code = Apply(code, directive, directory);

        foreach (var declaration in root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
            throw new CellRefusedException(LineOf(declaration), "a cell cannot declare a namespace: drop it, or move the type into a library");
        if (root.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
            RefuseUsingDeclaration(code, error.Location.GetLineSpan().StartLinePosition.Line + 1);
        return code;
    }

    static string Apply(string code, SyntaxTrivia directive, string directory)
    {
        var line = LineOf(directive.GetStructure()!);
        var text = code.Split('\n')[line - 1].Trim();
        if (text is "#!csharp" or "#!c#")
            return code.Remove(directive.SpanStart, 2).Insert(directive.SpanStart, "//");
        if (text.StartsWith("#!", StringComparison.Ordinal))
            throw new CellRefusedException(line, $"the magic command `{text}` is not supported: cells are plain C# here (#r, #load and #!csharp work)");
        if (text.StartsWith("#i ", StringComparison.Ordinal))
            throw new CellRefusedException(line, "`#i` is not supported: packages are restored by the build, reference the built library by its path");
        if (directive.GetStructure() is ReferenceDirectiveTriviaSyntax reference)
            CheckReference(reference.File.ValueText, text, line, directory);
        return code;
    }

    static void CheckReference(string path, string text, int line, string directory)
    {
        if (path.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            throw new CellRefusedException(line, "`#r \"nuget: …\"` is not supported: add the package to a project, build it, and reference the built library: #r \"path/to/library.dll\"");
        if (!text.EndsWith('"'))
            throw new CellRefusedException(line, "nothing may follow the closing quote of `#r` (some notebook hosts hang on it): put the comment on its own line");

        var file = Path.GetFullPath(path, directory);
        if (!path.Contains('/', StringComparison.Ordinal) || File.Exists(file))
            return;
        var remedy = path.Contains("/bin/Release/", StringComparison.Ordinal) ? "; `dotnet build -c Release` builds it" : "";
        throw new CellRefusedException(line, $"the library {file} does not exist{remedy}");
    }

    static void RefuseUsingDeclaration(string code, int line)
    {
        if (UsingDeclaration().IsMatch(CodeLine.Of(code, line).Text))
            throw new CellRefusedException(line, "a cell cannot hold a `using` declaration at its top level: write `using (var x = …) { … }`, or dispose it yourself");
    }

    static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    [GeneratedRegex(@"^(await\s+)?using\s+(?!static\b)[\w.<>]+\??\s+\w+\s*=")]
    private static partial Regex UsingDeclaration();
}
