using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A module in Jupyter's own hands, with the kernel installed from this checkout.</summary>
public sealed class InJupyter : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);
    readonly string folder = Directory.CreateTempSubdirectory("jupyter-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("00_Environment_Setup")]
    [InlineData("01_Local_Inference_Baseline")]
    [InlineData("02_Understanding_KV_Cache")]
    [InlineData("03_Replicated_Serving")]
    [InlineData("04_Disaggregated_Serving")]
    public async Task Nbconvert_executes_a_module_and_its_charts_are_json_and_html(string module)
    {
        Tool.Require(File.Exists("/usr/bin/jupyter-nbconvert"), "There is no /usr/bin/jupyter-nbconvert; on Debian: apt-get install jupyter-nbconvert python3-jupyter-client");
        await RunAsync("dotnet", Path.Combine(Repository.Root, "lib/Spark.Kernel/bin/Release/net10.0/spark-kernel.dll"), "install", "--prefix", folder);
        await RunAsync("/usr/bin/jupyter-nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300", "--output-dir", folder, "--output", "executed.ipynb",
            Path.Combine(HurriedNotebooks.WriteTo(Path.Combine(folder, "notebooks"), Repository.Root), $"{module}.ipynb"));

        var cells = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "executed.ipynb")))!["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code").ToList();
        Assert.Equal(Enumerable.Range(1, cells.Count), cells.Select(cell => (int)cell!["execution_count"]!));
        var outputs = cells.SelectMany(cell => cell!["outputs"]!.AsArray()).ToList();
        Assert.DoesNotContain(outputs, output => (string?)output!["output_type"] == "error");
        var charts = outputs.Select(output => output!["data"]).Where(data => data?["application/vnd.plotly.v1+json"] is not null).ToList();
        Assert.NotEmpty(charts);
        Assert.All(charts, chart =>
        {
            Assert.IsType<JsonObject>(chart!["application/vnd.plotly.v1+json"]);
            Assert.NotNull(chart["text/html"]);
            Assert.NotNull(chart["text/plain"]);
        });
    }

    async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["SPARK_RESULTS"] = Path.Combine(folder, "results");
        start.Environment["JUPYTER_PATH"] = Path.Combine(folder, "share", "jupyter");
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
    }
}
