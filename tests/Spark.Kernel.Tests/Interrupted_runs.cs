using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

public sealed class Interrupted_runs : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_cell_over_its_time_fails_by_name_and_the_process_ends_with_its_threads()
    {
        const string Stuck = "Console.WriteLine(\"stuck\");\nvar thread = new System.Threading.Thread(() => System.Threading.Thread.Sleep(-1));\nthread.Start(); thread.Join();";
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode("Console.WriteLine(\"before\");", Stuck, "1"));
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run", "--timeout", "20");
        Assert.Equal(1, kernel.ExitCode);
        Assert.Contains("01_a: cell 2, which begins: Console.WriteLine(\"stuck\");\nTimeoutException: the cell ran longer than 20 s (--timeout)", kernel.Errors, StringComparison.Ordinal);
        Assert.Equal(["stdout", "TimeoutException"], Outputs(1));
        Assert.Empty(Outputs(2));
        Assert.Contains("TimeoutException", folder.Read("artifacts/01_a.html"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130, "cancelled by Ctrl+C")]
    [InlineData("TERM", 143, "ended by SIGTERM")]
    public async Task A_signal_cancels_the_run_and_what_there_is_is_saved(string signal, int exitCode, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode(
            "Console.WriteLine(\"kept\");",
            "Console.WriteLine(\"half\");\nSystem.IO.File.WriteAllText(\"running\", \"\");\nwhile (true) await Task.Delay(10);",
            "1"));
        folder.Write("notebooks/02_b.ipynb", TestNotebook.OfCode("1"));
        using var kernel = new SpawnedKernel(folder.Path, "run");
        while (!File.Exists(Path.Combine(folder.Path, "notebooks/running")))
            await Task.Delay(20);
        await kernel.SignalAsync(signal);

        Assert.Equal(exitCode, await kernel.ExitAsync());
        Assert.Contains($"The run was {reason}.\nNot run: 02_b.", kernel.Errors, StringComparison.Ordinal);
        Assert.Equal(["stdout"], Outputs(0));
        Assert.Equal(["stdout", "Interrupted"], Outputs(1));
        Assert.True(File.Exists(Path.Combine(folder.Path, "artifacts/01_a.html")));
    }

    [Theory]
    [InlineData("--timeout", "10")]
    [InlineData("INT")]
    public async Task What_stops_a_run_lets_the_running_cell_clean_up_first(params string[] how)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode(
            "using System.IO;\nusing System.Threading;\nasync Task WorkAsync(CancellationToken cancellation = default) {\n"
                + "    try { File.WriteAllText(\"running\", \"\"); await Task.Delay(-1, cancellation); } finally { await Task.Delay(300); File.WriteAllText(\"cleaned\", \"\"); }\n}",
            "await WorkAsync();"));
        using var kernel = new SpawnedKernel(folder.Path, ["run", .. how.Length == 2 ? how : []]);
        while (!File.Exists(Path.Combine(folder.Path, "notebooks/running")))
            await Task.Delay(20);
        if (how is [var signal])
            await kernel.SignalAsync(signal);

        await kernel.ExitAsync();
        Assert.True(File.Exists(Path.Combine(folder.Path, "notebooks/cleaned")));
        Assert.Equal([how.Length == 2 ? "TimeoutException" : "Interrupted"], Outputs(1));
    }

    [Fact]
    public async Task An_exception_on_a_background_thread_fails_the_running_cell()
    {
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode("Console.WriteLine(\"kept\");", "\nnew System.Threading.Thread(() => throw new FormatException(\"lost\")).Start();\nawait Task.Delay(-1);"));
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run");
        Assert.Equal(1, kernel.ExitCode);
        Assert.Contains("01_a: cell 2, line 2: new System.Threading.Thread(() => throw new FormatException(\"lost\")).Start();\nFormatException: lost", kernel.Errors, StringComparison.Ordinal);
        Assert.Equal(["FormatException"], Outputs(1));
    }

    [Fact]
    public async Task A_cell_that_exits_the_process_does_not_pass_for_a_success()
    {
        folder.Write("notebooks/01_a.ipynb", TestNotebook.OfCode("Console.WriteLine(\"kept\");", "Environment.Exit(0);"));
        using var kernel = await SpawnedKernel.RunAsync(folder.Path, "run");
        Assert.Equal(1, kernel.ExitCode);
        Assert.Contains("01_a: cell 2, which begins: Environment.Exit(0);\nInterrupted: a cell ended the process", kernel.Errors, StringComparison.Ordinal);
        Assert.Equal(["stdout"], Outputs(0));
    }

    /// <summary>The streams and errors of a cell, by name.</summary>
    IEnumerable<string?> Outputs(int cell) =>
        JsonNode.Parse(folder.Read("artifacts/01_a.ipynb"))!["cells"]![cell]!["outputs"]!.AsArray().Select(output => (string?)(output!["name"] ?? output["ename"]));
}
