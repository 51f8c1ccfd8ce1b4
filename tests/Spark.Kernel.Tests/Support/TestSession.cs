using System.Reflection;
using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

/// <summary>A session in a folder of its own, with everything that its cells show.</summary>
internal sealed class TestSession : IDisposable
{
    public const string Collection = "The process's console, current directory and formatters";
    readonly ProcessState process = new();
    readonly Session session;
    readonly OutputRecorder recorder = new();
    int cells;
    bool disposed;

    public TestSession()
    {
        session = new Session(Folder.Path);
        session.Shown += (cell, output) => Shown.Add(output);
        session.Shown += recorder.Record;
    }

    public static string FixtureLibrary { get; } =
        typeof(TestSession).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "FixtureLibrary").Value!;

    public TemporaryFolder Folder { get; } = new();

    public List<Output> Shown { get; } = [];

    /// <summary>The outputs of a cell as the notebook stores them, or of the last one.</summary>
    public JsonArray Outputs(int? cell = null) => recorder.OutputsOf(cell ?? cells);

    /// <summary>Runs a cell that must succeed; the value of its last expression as plain text, or null.</summary>
    public async Task<string?> RunAsync(string code)
    {
        Assert.Null(await TryAsync(code));
        var result = Outputs().LastOrDefault(output => (string?)output!["output_type"] == "execute_result");
        return result is null ? null : Text(result["data"]!["text/plain"] ?? result["data"]!["text/html"]);
    }

    public async Task<ErrorOutput> FailAsync(string code)
    {
        var error = await TryAsync(code);
        Assert.NotNull(error);
        return error;
    }

    public static string Text(JsonNode? lines) => MultilineText.Read(lines);

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        session.Dispose();
        process.Dispose();
        Folder.Dispose();
    }

    Task<ErrorOutput?> TryAsync(string code)
    {
        cells++;
        return session.ExecuteAsync(code);
    }
}
