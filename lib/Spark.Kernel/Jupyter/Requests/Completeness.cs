using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Spark.Kernel;

/// <summary>Whether code that is being typed is ready to run: what a console asks at each line's end.</summary>
internal static class Completeness
{
    public static JsonObject Reply(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, Submissions.ParseOptions);
        if (!SyntaxFactory.IsCompleteSubmission(tree))
            return new JsonObject { ["status"] = "incomplete", ["indent"] = code.EndsWith('{') ? "    " : "" };
        var isInvalid = tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return new JsonObject { ["status"] = isInvalid ? "invalid" : "complete" };
    }
}
