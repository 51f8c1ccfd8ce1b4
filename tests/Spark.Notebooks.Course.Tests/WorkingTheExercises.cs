using System.Text.Json.Nodes;

namespace Spark.Notebooks.Course.Tests;

/// <summary>Exercises judged by what their own module has measured.</summary>
[Collection(nameof(CourseRun))]
public sealed class WorkingTheExercises(CourseRun course)
{
    public static TheoryData<string> Names => NotebookRules.Names;

    [Theory, MemberData(nameof(Names))]
    public void Every_stub_stays_open_and_gives_a_hint(string name) => Assert.All(Solution.Of(name).Where(solution => !solution.IsMistake), solution =>
    {
        var said = Said(name, solution.Exercise);
        Assert.StartsWith("◯ Open.", said, StringComparison.Ordinal);
        Assert.Contains("Hint: ", said, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Names))]
    public void Every_solution_passes(string name) => Assert.All(Solution.Of(name).Where(solution => !solution.IsMistake), solution =>
        Assert.StartsWith("✓ Passed.", Said(name, solution.Id), StringComparison.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void Every_common_mistake_is_named(string name) => Assert.All(Solution.Of(name).Where(solution => solution.IsMistake), solution =>
    {
        var said = Said(name, solution.Id);
        Assert.StartsWith("✗ Not yet.", said, StringComparison.Ordinal);
        Assert.True(said.Contains(" is not it. ", StringComparison.Ordinal), $"{solution.Id} is not among the mistakes that its check knows: {said}");
    });

    string Said(string name, string cell)
    {
        var cells = JsonNode.Parse(File.ReadAllText(Path.Combine(course.Folder, name)))!["cells"]!.AsArray();
        var outputs = cells.Single(other => (string?)other!["id"] == cell)!["outputs"]!.AsArray();
        return outputs is [var only] && only!["data"]?["text/plain"] is { } text
            ? string.Concat(text is JsonArray lines ? lines.Select(line => (string?)line) : [(string?)text])
            : throw new InvalidOperationException($"{cell} shows no verdict: {outputs.ToJsonString()}");
    }
}
