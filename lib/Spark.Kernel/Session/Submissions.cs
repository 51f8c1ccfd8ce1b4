using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Kernel;

/// <summary>The chain of compiled cells: each sees what the earlier ones declared, and may declare it anew.</summary>
internal sealed class Submissions(string directory) : IDisposable
{
    static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, kind: SourceCodeKind.Script);

    // Assemblies of this process win; a library's other dependencies are found beside it.
    readonly InteractiveAssemblyLoader loader = new();
    readonly ScriptOptions options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .WithImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", typeof(Microsoft.DotNet.Interactive.Kernel).FullName!)
        .AddReferences(typeof(Formatter).Assembly, typeof(Microsoft.DotNet.Interactive.Kernel).Assembly)
        .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(directory))
        .WithSourceResolver(new SourceFileResolver([], directory))
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    ScriptState<object?>? state;

    /// <summary>The source path that debug information gives a cell.</summary>
    public string PathOf(int cell) => Path.Combine(directory, $"cell {cell}");

    /// <summary>Compiles and runs a cell; whether its last expression has a value, and that value.</summary>
    /// <exception cref="CellRefusedException">The cell holds what no cell may hold; nothing ran.</exception>
    /// <exception cref="CompilationErrorException">The cell does not compile; nothing ran.</exception>
    public async Task<(bool HasValue, object? Value)> RunAsync(string code, int cell)
    {
        var script = Compile(CellRules.Apply(code, directory, ParseOptions), cell);
        // Caught here, so that what the cell declared before it failed is kept.
        state = state is null ? await script.RunAsync(catchException: _ => true) : await script.RunFromAsync(state, _ => true);
        if (state.Exception is { } exception)
            ExceptionDispatchInfo.Throw(exception);
        return (state.ReturnValue is not null || EndsInValue(script.GetCompilation()), state.ReturnValue);
    }

    public void Dispose() => loader.Dispose();

    Script<object?> Compile(string code, int cell)
    {
        var cellOptions = options.WithFilePath(PathOf(cell));
        var script = state is null
            ? CSharpScript.Create<object?>(code, cellOptions, assemblyLoader: loader)
            : state.Script.ContinueWith<object?>(code, cellOptions);
        var diagnostics = script.Compile();
        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            throw new CompilationErrorException(diagnostics[0].ToString(), diagnostics);
        return script;
    }

    static bool EndsInValue(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        return tree.GetRoot() is CompilationUnitSyntax { Members: [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }] }
            && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type?.SpecialType != SpecialType.System_Void;
    }
}
