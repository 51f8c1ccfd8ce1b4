using System.Text.Json;
using Microsoft.Playwright;

namespace Spark.Notebooks.Course.Tests;

/// <summary>A notebook open in Jupyter's page, worked as a learner works it; cells are named by their ids.</summary>
sealed class NotebookPage(IPage page, IReadOnlyList<string> cellIds)
{
    // From the page's own model: a cell that has never run has no number, one that runs or waits has a star. Running the last cell adds an empty one.
    const string Numbers = "() => Jupyter.notebook.get_cells().filter(cell => cell.cell_type === 'code' && cell.get_text()).map(cell => cell.input_prompt_number)";
    const string DrawnCharts = """
        () => [...document.querySelectorAll('figure [id^=chart-]')].map(chart =>
          [...chart.querySelectorAll('.plot path, .plot .point, .plot image, .heatmaplayer image')].filter(mark => {
            const { width, height } = mark.getBoundingClientRect();
            return width > 0 || height > 0;
          }).length)
        """;

    static readonly PageWaitForFunctionOptions Patiently = new() { Timeout = 300_000, PollingInterval = 200 };

    public static async Task<NotebookPage> OpenAsync(IBrowserContext context, NotebookServer server, string notebook)
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(server.PathOf(notebook)));
        string[] ids = [.. json.RootElement.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("id").GetString()!)];
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server.Address, $"/notebooks/notebooks/{notebook}{server.Address.Query}").AbsoluteUri);
        await page.WaitForFunctionAsync("() => window.Jupyter?.notebook?.kernel?.is_connected()", null, Patiently);
        return new(page, ids);
    }

    public IPage Page => page;

    public async Task RunAllAsync()
    {
        await page.ClickAsync("#celllink");
        await page.ClickAsync("#run_all_cells");
        await WaitForNumbersAsync();
    }

    public async Task RestartAndRunAllAsync()
    {
        await page.ClickAsync("#kernellink");
        await page.ClickAsync("#restart_run_all");
        await page.ClickAsync(".modal-footer .btn-danger");
        await WaitForNumbersAsync();
    }

    public Task ReplaceAsync(string cell, string old, string with) =>
        page.EvaluateAsync("([i, old, text]) => { const cell = Jupyter.notebook.get_cell(i); cell.set_text(cell.get_text().replace(old, text)); }", new object[] { IndexOf(cell), old, with });

    /// <summary>Runs a cell and waits for it; the text of its outputs.</summary>
    public async Task<string> RunAsync(string cell)
    {
        await BeginAsync(cell);
        return await EndAsync(cell);
    }

    public async Task BeginAsync(string cell)
    {
        await page.EvaluateAsync("i => Jupyter.notebook.select(i)", IndexOf(cell));
        await page.ClickAsync("[data-jupyter-action='jupyter-notebook:run-cell-and-select-next']");
    }

    public Task WaitForTextAsync(string cell, string text) =>
        page.WaitForFunctionAsync("([i, text]) => Jupyter.notebook.get_cell(i).output_area.element.text().includes(text)", new object[] { IndexOf(cell), text }, Patiently);

    public async Task<string> EndAsync(string cell)
    {
        await page.WaitForFunctionAsync("i => typeof Jupyter.notebook.get_cell(i).input_prompt_number === 'number'", IndexOf(cell), Patiently);
        return await page.EvaluateAsync<string>("i => Jupyter.notebook.get_cell(i).output_area.element.text()", IndexOf(cell));
    }

    public Task InterruptAsync() => page.ClickAsync("[data-jupyter-action='jupyter-notebook:interrupt-kernel']");

    public async Task SaveAsync()
    {
        await page.ClickAsync("[data-jupyter-action='jupyter-notebook:save-notebook']");
        await page.WaitForFunctionAsync("() => !Jupyter.notebook.dirty", null, Patiently);
    }

    /// <summary>Ends the page and its kernel.</summary>
    public async Task CloseAsync()
    {
        await page.EvaluateAsync("() => Jupyter.notebook.session.delete()");
        await page.CloseAsync();
    }

    /// <summary>How many visible marks each chart of the page has drawn, once every one has some.</summary>
    public async Task<int[]> ChartsAsync()
    {
        await page.WaitForFunctionAsync($"() => {{ const drawn = ({DrawnCharts})(); return drawn.length > 0 && drawn.every(marks => marks > 0); }}", null, Patiently);
        return await page.EvaluateAsync<int[]>(DrawnCharts);
    }

    public async Task ScreenshotsAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "page.png") });
        var outputs = page.Locator(".output_wrapper:has(figure)");
        for (var i = 0; i < await outputs.CountAsync(); i++)
            await outputs.Nth(i).ScreenshotAsync(new() { Path = Path.Combine(folder, $"chart-{i + 1:00}.png") });
    }

    /// <summary>Until the code cells have run one after the other in a kernel that has run nothing else.</summary>
    Task WaitForNumbersAsync() =>
        page.WaitForFunctionAsync($"() => ({Numbers})().every((number, i) => number === i + 1)", null, Patiently);

    int IndexOf(string cell) => cellIds.Index().Single(entry => entry.Item == cell).Index;
}
