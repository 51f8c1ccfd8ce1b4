using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace Spark.Kernel;

/// <summary>The cells that ran, as Roslyn's editor features want them: a chain of submissions, each a project.</summary>
internal sealed class CellWorkspace(Func<Script> latest) : IDisposable
{
    readonly Lazy<AdhocWorkspace> workspace = new(() => new AdhocWorkspace(MefHostServices.DefaultHost));
    readonly DocumentedReferences references = new();
    readonly Dictionary<Script, ProjectId> projects = [];

    /// <summary>A document that would follow the latest cell.</summary>
    public Document DocumentOf(string code)
    {
        var script = latest();
        var previous = ProjectOf(script);
        var (solution, document) = With(workspace.Value.CurrentSolution, ProjectId.CreateNewId(), code, script, previous);
        return solution.GetDocument(document)!;
    }

    public void Dispose()
    {
        if (workspace.IsValueCreated)
            workspace.Value.Dispose();
    }

    ProjectId ProjectOf(Script script)
    {
        if (projects.TryGetValue(script, out var known))
            return known;
        var previous = script.Previous is { } before ? ProjectOf(before) : null;
        var (solution, document) = With(workspace.Value.CurrentSolution, ProjectId.CreateNewId(), script.Code, script, previous);
        workspace.Value.TryApplyChanges(solution);
        return projects[script] = document.ProjectId;
    }

    (Solution Solution, DocumentId Document) With(Solution solution, ProjectId id, string code, Script script, ProjectId? previous)
    {
        var compilation = script.GetCompilation();
        var project = ProjectInfo.Create(
            id,
            VersionStamp.Create(),
            $"cell {id.Id:N}",
            $"cell{id.Id:N}",
            LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: Submissions.ParseOptions,
            metadataReferences: references.Of(compilation),
            projectReferences: previous is null ? [] : [new ProjectReference(previous)],
            isSubmission: true);
        var document = DocumentId.CreateNewId(id);
        return (solution.AddProject(project).AddDocument(document, "cell.csx", SourceText.From(code)), document);
    }
}
