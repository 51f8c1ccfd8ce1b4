using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A learner's guesses, module by module, each module in a kernel of its own; guess and calibration cells are the course's.</summary>
public sealed class KeepingScore : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    readonly string folder = Directory.CreateTempSubdirectory("score-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Guesses_of_every_module_outlive_its_kernel_and_stand_in_the_last_ones_chart()
    {
        await RunAsync("00", ("guess-reads", "20"), ("guessReads.Score(10)", ""));
        await RunAsync("03", ("guess-hop", "20"), ("guessHop.Score(10)", ""));

        var shown = await RunAsync("04", ("guess-blocks", "40"), ("guessBlocks.Score(10)", ""), ("calibration", ""));
        Assert.Contains("Of 3 guesses, 2 came within a factor of two", shown[^1], StringComparison.Ordinal);
        Assert.Contains("application/vnd.plotly.v1+json", shown[^1], StringComparison.Ordinal);
        Assert.All(["00  one core reads from memory", "03  what the gateway adds to a TTFT", "04  blocks for 300 tokens"], label => Assert.Contains(label, shown[^1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Running_a_guess_again_replaces_it_and_what_is_no_guess_leaves_it()
    {
        const string guess = "guess-blocks";
        const string score = "guessBlocks.Score(10)";
        var shown = await RunAsync("04", ("calibration", ""), (guess, "20"), (score, ""), (guess, "80"), (score, ""), (guess, "-3"), (guess, "double.NaN"), (guess, "\"80 pages\""), (score, ""), (guess, "___"), ("calibration", ""));

        Assert.Contains("No guess was scored yet", shown[0], StringComparison.Ordinal);
        Assert.DoesNotContain("application/vnd.plotly.v1+json", shown[0], StringComparison.Ordinal);
        Assert.All(shown[5..8], refusal => Assert.Contains("nothing was recorded and an earlier guess stays", refusal, StringComparison.Ordinal));
        Assert.Contains("no guess given", shown[8], StringComparison.Ordinal);
        Assert.Contains("Of 1 guess, 0 came within a factor of two. In the median you were off by a factor of 8", shown[^1], StringComparison.Ordinal);
    }

    /// <summary>What a new kernel shows for these cells after the module's first: ids of its own cells, with a guess for the blank, or code.</summary>
    async Task<string[]> RunAsync(string module, params (string Cell, string Guess)[] cells)
    {
        var path = Repository.Notebooks.Single(path => Path.GetFileName(path).StartsWith(module, StringComparison.Ordinal));
        var notebook = JsonNode.Parse(File.ReadAllText(path).Replace("../lib", Path.Combine(Repository.Root, "lib"), StringComparison.Ordinal))!;
        var own = notebook["cells"]!.AsArray().ToDictionary(cell => (string)cell!["id"]!, cell => string.Concat(cell!["source"]!.AsArray().Select(line => (string?)line)));
        notebook["cells"] = new JsonArray([.. cells.Prepend(("setup", "")).Select((cell, i) => Code($"c{i}", own.GetValueOrDefault(cell.Item1, cell.Item1).Replace("___,", $"{cell.Item2},", StringComparison.Ordinal)))]);
        var notebooks = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        File.WriteAllText(Path.Combine(notebooks, $"{module}.ipynb"), notebook.ToJsonString());

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "spark-kernel.dll"), "run", "--notebooks", notebooks, "--out", notebooks]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SPARK_RESULTS"] = Path.Combine(folder, "results");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        Assert.True(process.ExitCode == 0, await output + await errors);
        return [.. JsonNode.Parse(File.ReadAllText(Path.Combine(notebooks, $"{module}.ipynb")))!["cells"]!.AsArray().Skip(1).Select(cell => cell!["outputs"]!.ToJsonString(Readable))];
    }

    static JsonObject Code(string id, string source) => new() { ["cell_type"] = "code", ["execution_count"] = null, ["id"] = id, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = source };
}
