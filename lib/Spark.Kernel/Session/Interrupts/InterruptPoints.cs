using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Spark.Kernel;

/// <summary>Writes <see cref="InterruptPoint"/> into a cell's loops and awaits; every line stays on its line.</summary>
internal static class InterruptPoints
{
    const string Check = $"global::Spark.Kernel.{nameof(InterruptPoint)}.{nameof(InterruptPoint.Check)}();";
    const string Wait = $"global::Spark.Kernel.{nameof(InterruptPoint)}.{nameof(InterruptPoint.Wait)}(";

    public static string Insert(string code, CSharpParseOptions options)
    {
        var tree = CSharpSyntaxTree.ParseText(code, options);
        if (tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            return code;
        var insertions = tree.GetRoot().DescendantNodes().SelectMany(Insertions).ToLookup(insertion => insertion.Position, insertion => insertion.Text);
        return tree.GetText().WithChanges(insertions.OrderBy(at => at.Key).Select(at => new TextChange(new TextSpan(at.Key, 0), string.Concat(at)))).ToString();
    }

    static IEnumerable<(int Position, string Text)> Insertions(SyntaxNode node) => node switch
    {
        WhileStatementSyntax { Statement: var body } => InBody(body),
        DoStatementSyntax { Statement: var body } => InBody(body),
        ForStatementSyntax { Statement: var body } => InBody(body),
        CommonForEachStatementSyntax { Statement: var body } => InBody(body),
        AwaitExpressionSyntax { Expression.Span: var awaited } => [(awaited.Start, Wait), (awaited.End, ")")],
        _ => [],
    };

    static IEnumerable<(int Position, string Text)> InBody(StatementSyntax body) =>
        body is BlockSyntax block ? [(block.OpenBraceToken.Span.End, Check)] : [(body.SpanStart, "{" + Check), (body.Span.End, "}")];
}
