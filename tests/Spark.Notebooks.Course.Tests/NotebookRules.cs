using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Spark.Kernel;

namespace Spark.Notebooks.Course.Tests;

/// <summary>What every notebook in the repository keeps to.</summary>
public sealed partial class NotebookRules
{
    public static TheoryData<string> Names => [.. Repository.Notebooks.Select(path => Path.GetFileName(path))];

    [Theory, MemberData(nameof(Names))]
    public void It_is_stored_byte_for_byte_in_canonical_form(string name) =>
        Assert.Equal(Notebook.Load(PathOf(name)).ToCanonical(), File.ReadAllText(PathOf(name)));

    [Theory, MemberData(nameof(Names))]
    public void It_carries_no_outputs_no_counts_and_unique_cell_ids(string name)
    {
        var cells = JsonNode.Parse(File.ReadAllText(PathOf(name)))!["cells"]!.AsArray();
        Assert.All(cells.Where(cell => (string?)cell!["cell_type"] == "code"), cell =>
        {
            Assert.Empty(cell!["outputs"]!.AsArray());
            Assert.Null(cell["execution_count"]);
        });
        var ids = cells.Select(cell => (string?)cell!["id"]).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.Matches("^[a-z0-9-]{1,64}$", id));
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_cells_are_short_and_leave_work_to_the_library(string name) => Assert.All(Code(name), cell =>
    {
        var lines = cell.Source.Split('\n');
        Assert.True(lines.Length <= 12, $"{lines.Length} lines: {lines[0]}");
        Assert.All(lines, line => Assert.True(line.Length <= 110, $"{line.Length} characters: {line}"));
        Assert.DoesNotMatch(NotInCells(), cell.Source);
    });

    [Theory, MemberData(nameof(Names))]
    public void It_begins_with_the_library_and_the_lesson_and_ends_by_cleaning_up(string name)
    {
        var code = Code(name);
        Assert.StartsWith("#r \"../lib/Spark.Notebooks/bin/Release/net10.0/Spark.Notebooks.dll\"\n", code[0].Source, StringComparison.Ordinal);
        Assert.Contains($"Lesson.Begin(\"{name[..2]}\"", code[0].Source, StringComparison.Ordinal);
        Assert.Contains("StopAllAsync()", code[^1].Source, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void It_has_one_knobs_cell_predictions_and_exercises_that_come_blank(string name)
    {
        var code = Code(name);
        Assert.Single(code, cell => cell.Source.StartsWith("var knobs = ", StringComparison.Ordinal) && cell.Source.Contains("// ← change me", StringComparison.Ordinal));
        Assert.True(code.Count(cell => cell.Source.Contains("Predict.", StringComparison.Ordinal)) >= 2);
        Assert.True(code.Count(cell => cell.Source.Contains("Check.", StringComparison.Ordinal)) >= 2);
        Assert.All(code.Where(cell => Answer().IsMatch(cell.Source)), cell => Assert.Contains("___", cell.Source, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_prose_states_no_measurement(string name)
    {
        foreach (var cell in Notebook.Load(PathOf(name)).Cells.Where(cell => !cell.IsCode))
            Assert.DoesNotMatch(Measurement(), cell.Source);
    }

    [Fact]
    public void The_readme_links_every_notebook()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(Repository.Notebooks, path => Assert.Contains($"notebooks/{Path.GetFileName(path)}", readme, StringComparison.Ordinal));
    }

    static string PathOf(string name) => Path.Combine(Repository.Root, "notebooks", name);

    static List<NotebookCell> Code(string name) => [.. Notebook.Load(PathOf(name)).Cells.Where(cell => cell.IsCode)];

    // HTTP, SSH, processes, parsing, plotting, addresses, absolute paths and packages have no place in a cell.
    [GeneratedRegex(@"HttpClient|Process\.|SshClient|Regex|JsonDocument|Plotly|nuget:|\d+\.\d+\.\d+\.\d+|[""' ]/(home|work|tmp|Users)/|Thread\.Sleep|Task\.Delay")]
    private static partial Regex NotInCells();

    [GeneratedRegex(@"Predict\.Number|Check\.")]
    private static partial Regex Answer();

    // Times and rates belong in outputs; a module's own duration, in seconds or minutes, does not count as a measurement of serving.
    [GeneratedRegex(@"\d(\.\d+)? ?(ms|tok/s|tokens/s|GB/s|GiB/s|GFLOP|×|x faster)\b")]
    private static partial Regex Measurement();
}
