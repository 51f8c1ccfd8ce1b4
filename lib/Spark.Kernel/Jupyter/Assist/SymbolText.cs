using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Spark.Kernel;

/// <summary>What there is to say of the symbol at a place: its signature and those of its overloads, each with its documentation.</summary>
internal static partial class SymbolText
{
    static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut)
        .WithLocalOptions(SymbolDisplayLocalOptions.IncludeType);

    /// <summary>The text, or null where no symbol stands.</summary>
    public static async Task<string?> AtAsync(Document document, int position)
    {
        var root = (await document.GetSyntaxRootAsync())!;
        var model = (await document.GetSemanticModelAsync())!;
        var symbols = NodesAt(root, position).Select(node => Symbols(model, node)).FirstOrDefault(found => found.Count > 0) ?? [];
        return symbols.Count == 0 ? null : string.Join("\n\n", symbols.Select(Describe));
    }

    // The name under the cursor or just before it, then the call whose arguments surround it.
    static IEnumerable<SyntaxNode> NodesAt(SyntaxNode root, int position)
    {
        foreach (var place in new[] { position, position - 1 }.Where(place => place >= 0 && place < root.FullSpan.End))
            if (root.FindToken(place) is var token && token.IsKind(SyntaxKind.IdentifierToken) && token.Span.Start <= position && position <= token.Span.End)
                yield return token.Parent!;
        var before = root.FindToken(Math.Max(0, position - 1));
        foreach (var call in before.Parent?.AncestorsAndSelf() ?? [])
            if (call is InvocationExpressionSyntax invocation)
                yield return invocation.Expression;
            else if (call is ObjectCreationExpressionSyntax creation)
                yield return creation;
    }

    static IReadOnlyList<ISymbol> Symbols(SemanticModel model, SyntaxNode node)
    {
        var bound = model.GetSymbolInfo(node).Symbol ?? model.GetDeclaredSymbol(node);
        // A method is found by its call or by its name alone; its overloads follow it.
        var group = model.GetMemberGroup(node);
        return [.. new[] { bound }.Concat(group).OfType<ISymbol>().Distinct<ISymbol>(SymbolEqualityComparer.Default)];
    }

    static string Describe(ISymbol symbol)
    {
        var documentation = Documentation(symbol);
        return documentation.Length == 0 ? symbol.ToDisplayString(Format) : $"{symbol.ToDisplayString(Format)}\n    {documentation}";
    }

    static string Documentation(ISymbol symbol)
    {
        var xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrEmpty(xml))
            return "";
        var summary = XElement.Parse(xml.TrimStart().StartsWith("<member", StringComparison.Ordinal) ? xml : $"<member>{xml}</member>").Element("summary");
        foreach (var named in summary?.Descendants().Where(element => element.IsEmpty).ToList() ?? [])
            named.ReplaceWith(((string?)named.Attribute("cref") ?? (string?)named.Attribute("langword") ?? (string?)named.Attribute("name") ?? "").Split('.', ':')[^1]);
        return Blanks().Replace(summary?.Value ?? "", " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
