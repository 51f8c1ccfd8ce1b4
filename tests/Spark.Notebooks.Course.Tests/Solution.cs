namespace Spark.Notebooks.Course.Tests;

/// <summary>A cell of a file under solutions/: what stands in place of an exercise's stub, or a common mistake that its check has to name.</summary>
/// <param name="Exercise">The id of the stub's cell.</param>
sealed record Solution(string Exercise, bool IsMistake, string Code)
{
    const string Head = "// %% ";
    const string Mistake = " mistake";

    public string Id => Exercise + (IsMistake ? "-mistake" : "-solution");

    /// <summary>Those of a module, in order; cells begin with "// %%" and the id of a stub, as in Jupytext's percent format.</summary>
    public static IReadOnlyList<Solution> Of(string notebook) =>
    [
        .. from cell in $"\n{File.ReadAllText(PathOf(notebook))}".Split($"\n{Head}").Skip(1)
           let head = cell[..cell.IndexOf('\n')].Trim()
           let isMistake = head.EndsWith(Mistake, StringComparison.Ordinal)
           select new Solution(isMistake ? head[..^Mistake.Length] : head, isMistake, cell[(cell.IndexOf('\n') + 1)..].Trim()),
    ];

    public static string PathOf(string notebook) => Path.Combine(Repository.Root, "solutions", Path.ChangeExtension(Path.GetFileName(notebook), ".csx"));
}
