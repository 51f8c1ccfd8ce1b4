using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Spark.Kernel;

/// <summary>C# as HTML with a class for each kind of token: k keyword, t type, m method, s string, n number, c comment, d directive.</summary>
internal static class CSharpHighlighter
{
    static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, kind: SourceCodeKind.Script);

    public static string Highlight(string code)
    {
        var html = new StringBuilder();
        foreach (var token in CSharpSyntaxTree.ParseText(code, Options).GetRoot().DescendantTokens())
        {
            foreach (var trivia in token.LeadingTrivia)
                Append(trivia, html);
            Append(token.Text, ClassOf(token), html);
            foreach (var trivia in token.TrailingTrivia)
                Append(trivia, html);
        }
        return html.ToString();
    }

    static void Append(SyntaxTrivia trivia, StringBuilder html)
    {
        var kind = trivia.IsDirective ? "d" : trivia.Kind().ToString().Contains("Comment", StringComparison.Ordinal) ? "c" : null;
        Append(trivia.ToFullString(), kind, html);
    }

    static void Append(string text, string? kind, StringBuilder html)
    {
        if (text.Length == 0)
            return;
        var encoded = WebUtility.HtmlEncode(text);
        html.Append(kind is null ? encoded : $"<span class=\"{kind}\">{encoded}</span>");
    }

    static string? ClassOf(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.IdentifierToken => ClassOfName(token),
        SyntaxKind.CharacterLiteralToken => "s",
        var kind when kind.ToString().Contains("String", StringComparison.Ordinal) && !SyntaxFacts.IsKeywordKind(kind) => "s",
        var kind => SyntaxFacts.IsKeywordKind(kind) ? "k" : null,
    };

    static string? ClassOfName(SyntaxToken token) => token.Parent switch
    {
        BaseTypeDeclarationSyntax or ConstructorDeclarationSyntax or TypeParameterSyntax => "t",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "m",
        IdentifierNameSyntax { IsVar: true } => "k",
        SimpleNameSyntax name when IsCalled(name) => "m",
        SimpleNameSyntax name when SyntaxFacts.IsInTypeOnlyContext(name) => "t",
        // Without a compilation, a capital before a dot is taken for a type.
        IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax access } name when access.Expression == name && char.IsUpper(token.Text[0]) => "t",
        _ => null,
    };

    static bool IsCalled(SimpleNameSyntax name) => name.Parent switch
    {
        InvocationExpressionSyntax call => call.Expression == name,
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access => access.Name == name && call.Expression == access,
        MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax } => true,
        _ => false,
    };
}
