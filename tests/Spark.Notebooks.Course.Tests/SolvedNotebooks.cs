using System.Text.Json.Nodes;

namespace Spark.Notebooks.Course.Tests;

/// <summary>The notebooks as they are, with each exercise's solution and common mistake run after its stub, so that one run judges all three.</summary>
static class SolvedNotebooks
{
    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Repository.Notebooks)
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(path)), Solve(path).ToJsonString());
    }

    static JsonNode Solve(string path)
    {
        var notebook = JsonNode.Parse(File.ReadAllText(path).Replace("../lib", Path.Combine(Repository.Root, "lib"), StringComparison.Ordinal))!;
        var cells = notebook["cells"]!.AsArray();
        foreach (var solution in Solution.Of(path).Reverse())
            cells.Insert(cells.Index().Single(cell => (string?)cell.Item!["id"] == solution.Exercise).Index + 1, Cell(solution));
        return notebook;
    }

    // One that fails is one test's failure, not the end of the run.
    static JsonObject Cell(Solution solution) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = solution.Id,
        ["metadata"] = new JsonObject { ["tags"] = new JsonArray("raises-exception") },
        ["outputs"] = new JsonArray(),
        ["source"] = solution.Code,
    };
}
