using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Spark.Kernel;

/// <summary>
/// Writes <see cref="InterruptPoint"/> into a cell: a check into its loops, its token into every call that could take one and was given none,
/// and a wait that ends with the interrupt around whatever else it awaits. What stands in a <c>finally</c> is left to run. Every line stays on its line.
/// </summary>
internal sealed class InterruptPoints
{
    const string Point = $"global::Spark.Kernel.{nameof(InterruptPoint)}.";
    const string Check = $"{Point}{nameof(InterruptPoint.Check)}();";
    const string Wait = $"{Point}{nameof(InterruptPoint.Wait)}(";
    const string Token = $"{Point}{nameof(InterruptPoint.Interrupted)}";

    readonly SemanticModel model;
    readonly Dictionary<InvocationExpressionSyntax, string> tokenParameters;

    InterruptPoints(SemanticModel model)
    {
        this.model = model;
        tokenParameters = Stoppable.OfType<InvocationExpressionSyntax>()
            .Select(call => (Call: call, Parameter: TokenParameter(call)))
            .Where(call => call.Parameter is not null)
            .ToDictionary(call => call.Call, call => call.Parameter!);
    }

    IEnumerable<SyntaxNode> Stoppable => model.SyntaxTree.GetRoot().DescendantNodes(node => node is not FinallyClauseSyntax);

    /// <summary>The code of the compilation's last tree with its points; as it is when it does not parse.</summary>
    public static string Insert(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        if (tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            return tree.GetText().ToString();
        var points = new InterruptPoints(compilation.GetSemanticModel(tree));
        var insertions = points.Stoppable.SelectMany(points.Insertions).ToLookup(insertion => insertion.Position, insertion => insertion.Text);
        return tree.GetText().WithChanges(insertions.OrderBy(at => at.Key).Select(at => new TextChange(new TextSpan(at.Key, 0), string.Concat(at)))).ToString();
    }

    IEnumerable<(int Position, string Text)> Insertions(SyntaxNode node) => node switch
    {
        WhileStatementSyntax { Statement: var body } => InBody(body),
        DoStatementSyntax { Statement: var body } => InBody(body),
        ForStatementSyntax { Statement: var body } => InBody(body),
        CommonForEachStatementSyntax { Statement: var body } => InBody(body),
        InvocationExpressionSyntax call when tokenParameters.TryGetValue(call, out var parameter) => [(call.ArgumentList.CloseParenToken.SpanStart, Argument(call, parameter))],
        // A call that has the token is left to end by itself: it may have something to clean up first.
        AwaitExpressionSyntax { Expression: InvocationExpressionSyntax call } when tokenParameters.ContainsKey(call) => [],
        AwaitExpressionSyntax { Expression.Span: var awaited } => [(awaited.Start, Wait), (awaited.End, ")")],
        _ => [],
    };

    static IEnumerable<(int Position, string Text)> InBody(StatementSyntax body) =>
        body is BlockSyntax block ? [(block.OpenBraceToken.Span.End, Check)] : [(body.SpanStart, "{" + Check), (body.Span.End, "}")];

    static string Argument(InvocationExpressionSyntax call, string parameter) => $"{(call.ArgumentList.Arguments.Count > 0 ? ", " : "")}{parameter}: {Token}";

    /// <summary>The optional cancellation token that the call leaves out, or null.</summary>
    string? TokenParameter(InvocationExpressionSyntax call) =>
        (model.GetOperation(call) as IInvocationOperation)?.Arguments
            .FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.DefaultValue && IsToken(argument.Parameter!.Type))?.Parameter!.Name;

    static bool IsToken(ITypeSymbol type) => type is { Name: nameof(CancellationToken), ContainingNamespace: { Name: nameof(System.Threading), ContainingNamespace.Name: nameof(System) } };
}
