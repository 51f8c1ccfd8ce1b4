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
internal sealed class Submissions : IDisposable
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, kind: SourceCodeKind.Script);

    readonly string directory;
    // Assemblies of this process win; a library's other dependencies are found beside it.
    readonly InteractiveAssemblyLoader loader = new();
    readonly ShadowCopies? copies;
    readonly ScriptOptions options;

    ScriptState<object?>? state;
    int turns;

    /// <summary>Paths in <c>#r</c> and <c>#load</c> are relative to <paramref name="directory"/>.</summary>
    public Submissions(string directory, bool copiesLibraries)
    {
        this.directory = directory;
        MetadataReferenceResolver libraries = ScriptMetadataResolver.Default.WithBaseDirectory(directory);
        if (copiesLibraries)
            libraries = copies = new ShadowCopies(libraries, directory);
        options = Options(directory).WithMetadataResolver(new CachedReferences(libraries));
    }

    /// <summary>The source path that debug information gives a cell.</summary>
    public string PathOf(int cell) => Path.Combine(directory, $"cell {cell}");

    /// <summary>The latest cell that ran, with those before it; an empty one when there is none.</summary>
    public Script Latest => state?.Script ?? Create("", 0);

    /// <summary>Compiles and runs something that no cell sees, so that the first cell need not wait for the compiler to load.</summary>
    public Task WarmUpAsync() =>
        CSharpScript.Create<object?>("var one = 1; foreach (var i in new[] { one }.Select(n => $\"{n}\")) await Task.Yield();\none", options.WithFilePath(PathOf(0))).RunAsync();

    /// <summary>Compiles and runs a cell; whether its last expression has a value, and that value.</summary>
    /// <exception cref="CellRefusedException">The cell holds what no cell may hold; nothing ran.</exception>
    /// <exception cref="CompilationErrorException">The cell does not compile; nothing ran.</exception>
    public async Task<(bool HasValue, object? Value)> RunAsync(string code, int cell)
    {
        var script = Compile(CellRules.Apply(code, directory, ParseOptions), cell);
        var turn = ++turns;
        // Caught here, so that what the cell declared before it failed is kept.
        var after = state is null ? await script.RunAsync(catchException: _ => true) : await script.RunFromAsync(state, _ => true);
        // A cell that an interrupt left behind may end after later ones.
        if (turn == turns)
            state = after;
        if (after.Exception is { } exception)
            ExceptionDispatchInfo.Throw(exception);
        return (after.ReturnValue is not null || EndsInValue(script.GetCompilation()), after.ReturnValue);
    }

    public void Dispose()
    {
        loader.Dispose();
        copies?.Dispose();
    }

    static ScriptOptions Options(string directory) => ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .WithImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", typeof(Microsoft.DotNet.Interactive.Kernel).FullName!)
        .AddReferences(typeof(Formatter).Assembly, typeof(Microsoft.DotNet.Interactive.Kernel).Assembly)
        .WithSourceResolver(new SourceFileResolver([], directory))
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    Script<object?> Compile(string code, int cell)
    {
        var written = Create(code, cell);
        var script = Create(InterruptPoints.Insert(written.GetCompilation()), cell);
        if (Errors(script.Compile()).Count == 0)
            return script;
        // Its own errors are those of the code as it was written.
        var errors = Errors(written.Compile());
        return errors.Count == 0 ? written : throw new CompilationErrorException(errors[0].ToString(), [.. errors]);
    }

    Script<object?> Create(string code, int cell)
    {
        var cellOptions = options.WithFilePath(PathOf(cell));
        return state is null
            ? CSharpScript.Create<object?>(code, cellOptions, assemblyLoader: loader)
            : state.Script.ContinueWith<object?>(code, cellOptions);
    }

    static List<Diagnostic> Errors(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    static bool EndsInValue(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        return tree.GetRoot() is CompilationUnitSyntax { Members: [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }] }
            && compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression).Type?.SpecialType != SpecialType.System_Void;
    }
}
