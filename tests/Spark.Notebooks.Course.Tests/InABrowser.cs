using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A learner's work in Jupyter's own front end, in a real browser; what the charts looked like is left in artifacts/screenshots.</summary>
public sealed partial class InABrowser(ITestOutputHelper log) : IAsyncLifetime
{
    const string Module02 = "02_Understanding_KV_Cache.ipynb";
    const string Shortened01 = "01_Shortened.ipynb";
    static readonly string[] CellsOfShortened01 = ["setup", "knobs", "serve", "arithmetic", "one", "one-timeline", "one-itl", "continuous"];

    readonly List<string> strangers = [];
    NotebookServer server = null!;
    IPlaywright playwright = null!;
    IBrowser browser = null!;
    IBrowserContext context = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.LaunchAsync(playwright);
        server = await NotebookServer.StartAsync();
        context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 1000 } });
        context.Request += (_, request) => strangers.AddRange(new Uri(request.Url) is { Scheme: "http" or "https" or "ws" or "wss" } uri && !uri.IsLoopback ? [request.Url] : []);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_module_is_drawn_and_is_drawn_again_when_its_saved_file_is_opened()
    {
        File.Copy(Path.Combine(Repository.Root, "notebooks", Module02), server.PathOf(Module02));
        var notebook = await NotebookPage.OpenAsync(context, server, Module02);
        await notebook.RunAllAsync();
        var charts = await notebook.ChartsAsync();
        await notebook.ScreenshotsAsync(Screenshots("02"));
        log.WriteLine($"marks a chart: {string.Join(", ", charts)}");
        await notebook.SaveAsync();
        await notebook.CloseAsync();

        var saved = JsonNode.Parse(await File.ReadAllTextAsync(server.PathOf(Module02)))!["cells"]!.AsArray().SelectMany(cell => cell!["outputs"]?.AsArray() ?? []).ToList();
        Assert.DoesNotContain(saved, output => (string?)output!["output_type"] == "error");
        Assert.Equal(saved.Count(output => output!["data"]?["application/vnd.plotly.v1+json"] is JsonObject), charts.Length);

        var reopened = await NotebookPage.OpenAsync(context, server, Module02);
        Assert.Equal(charts, await reopened.ChartsAsync());
        await reopened.CloseAsync();
        Assert.Empty(strangers);
    }

    [Fact]
    public async Task A_knob_is_turned_a_long_cell_interrupted_and_all_run_again_in_a_new_kernel()
    {
        await WriteShortened01Async();
        var notebook = await NotebookPage.OpenAsync(context, server, Shortened01);
        await notebook.RunAllAsync();
        var tokens = KvCacheTokens(await notebook.EndAsync("serve"));

        await notebook.ReplaceAsync("knobs", "GpuMemoryUtilization = 0.3", "GpuMemoryUtilization = 0.5");
        await notebook.RunAsync("knobs");
        var more = KvCacheTokens(await notebook.RunAsync("serve"));
        Assert.True(more > tokens, $"{more} tokens of KV cache at 0.5, {tokens} at 0.3");
        await notebook.RunAsync("one");
        await notebook.RunAsync("one-timeline");
        Assert.Equal(2, (await notebook.ChartsAsync()).Length);

        await notebook.ReplaceAsync("continuous", "knobs.Repeats", "10_000");
        await notebook.BeginAsync("continuous");
        await notebook.WaitForTextAsync("continuous", "closed loop, concurrency 1");
        await notebook.InterruptAsync();
        Assert.Contains("Interrupted: the cell was interrupted", await notebook.EndAsync("continuous"), StringComparison.Ordinal);
        await notebook.RunAsync("one");

        await notebook.ReplaceAsync("continuous", "10_000", "1");
        await notebook.RestartAndRunAllAsync();
        Assert.Equal(more, KvCacheTokens(await notebook.EndAsync("serve")));
        Assert.Equal(2, (await notebook.ChartsAsync()).Length);
        await notebook.ScreenshotsAsync(Screenshots("01-shortened"));
        await notebook.CloseAsync();
        Assert.Empty(strangers);
    }

    static int KvCacheTokens(string log) => int.Parse(KvCacheLine().Match(log).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    static string Screenshots(string name) => Path.Combine(Repository.Root, "artifacts", "screenshots", name);

    /// <summary>The beginning of module 01, with one short sweep.</summary>
    async Task WriteShortened01Async()
    {
        var notebook = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "notebooks", "01_Local_Inference_Baseline.ipynb")))!;
        notebook["cells"] = new JsonArray([.. notebook["cells"]!.AsArray().Where(cell => CellsOfShortened01.Contains((string?)cell!["id"])).Select(cell => cell!.DeepClone())]);
        var text = notebook.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await File.WriteAllTextAsync(server.PathOf(Shortened01), text.Replace("Repeats = 3", "Repeats = 1", StringComparison.Ordinal).Replace("[1, 2, 4, 8, 16]", "[1, 4]", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"GPU KV cache size: ([\d,]+) tokens")]
    private static partial Regex KvCacheLine();
}
