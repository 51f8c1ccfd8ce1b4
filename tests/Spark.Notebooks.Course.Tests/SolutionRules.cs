using Spark.Kernel;

namespace Spark.Notebooks.Course.Tests;

/// <summary>What exercises and their solutions keep to.</summary>
public sealed class SolutionRules
{
    public static TheoryData<string> Names => NotebookRules.Names;

    [Theory, MemberData(nameof(Names))]
    public void Every_exercise_has_a_solution_and_a_common_mistake_and_nothing_else_has(string name)
    {
        var stubs = Stubs(name).Select(cell => cell.Id).ToList();
        Assert.True(stubs.Count >= 2, $"{stubs.Count} exercises");
        Assert.Equal(stubs.SelectMany(id => new[] { (id, false), (id, true) }), Solution.Of(name).Select(solution => (solution.Exercise, solution.IsMistake)));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_solution_asks_the_check_of_its_stub_and_leaves_nothing_blank(string name) => Assert.All(Solution.Of(name), solution =>
    {
        var stub = Stubs(name).Single(cell => cell.Id == solution.Exercise).Source;
        Assert.Contains(stub[stub.IndexOf("Check.", StringComparison.Ordinal)..stub.IndexOf(" ___", StringComparison.Ordinal)], solution.Code, StringComparison.Ordinal);
        Assert.DoesNotContain("___", solution.Code, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Names))]
    public void A_solution_is_as_short_as_a_cell_and_says_why(string name) => Assert.All(Solution.Of(name), solution =>
    {
        var lines = solution.Code.Split('\n');
        Assert.StartsWith("// ", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length <= 12, $"{solution.Id}: {lines.Length} lines");
        Assert.All(lines, line => Assert.True(line.Length <= 110, $"{line.Length} characters: {line}"));
    });

    [Theory, MemberData(nameof(Names))]
    public void The_notebook_says_where_its_solutions_are(string name) =>
        Assert.Contains(Notebook.Load(PathOf(name)).Cells, cell => !cell.IsCode && cell.Source.Contains($"(../solutions/{Path.GetFileName(Solution.PathOf(name))})", StringComparison.Ordinal));

    static IEnumerable<(string Id, string Source)> Stubs(string name) =>
        from cell in System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(PathOf(name)))!["cells"]!.AsArray()
        let source = string.Concat(cell!["source"]!.AsArray().Select(line => (string?)line))
        where (string?)cell["cell_type"] == "code" && source.Contains("Check.", StringComparison.Ordinal)
        select ((string)cell["id"]!, source);

    static string PathOf(string name) => Path.Combine(Repository.Root, "notebooks", name);
}
