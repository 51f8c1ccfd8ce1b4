using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>Runs one cell as it would run in the course's notebooks, whose library and namespaces are at hand, and prints what it shows.</summary>
internal sealed class CellCommand(Course course, string code, TextWriter output, TextWriter errors)
{
    /// <returns>The process's exit code: 0, or 1 when the cell failed.</returns>
    public async Task<int> RunAsync()
    {
        using var process = new ProcessState();
        using var session = new Session(Path.GetDirectoryName(course.Notebooks[0])!);
        session.Shown += (_, shown) => Print(shown);
        var setUp = Notebook.Load(course.Notebooks[0]).Cells.First(cell => cell.IsRunnable).Source.Split('\n').Where(line => line.StartsWith("#r ", StringComparison.Ordinal) || line.StartsWith("using ", StringComparison.Ordinal));
        return await session.ExecuteAsync(string.Join('\n', setUp)) is null && await session.ExecuteAsync(code) is null ? 0 : 1;
    }

    void Print(Output shown)
    {
        switch (shown)
        {
            case StreamOutput { Name: "stderr", Text: var text }:
                errors.Write(text);
                break;
            case StreamOutput { Text: var text }:
                output.Write(text);
                break;
            case DisplayData { Data: var data }:
                output.WriteLine(TextOf(data));
                break;
            case ExecuteResult { Data: var data }:
                output.WriteLine(TextOf(data));
                break;
            case ErrorOutput error:
                errors.WriteLine(string.Join('\n', error.Traceback));
                break;
        }
    }

    static string TextOf(JsonObject data) => $"{data["text/plain"] ?? data.First().Value}";
}
