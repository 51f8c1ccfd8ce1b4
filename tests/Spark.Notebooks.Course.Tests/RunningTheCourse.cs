using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Spark.Notebooks.Course.Tests;

/// <summary>The course as a learner meets it: the main command on the embedded cluster, and its pages in a browser.</summary>
[Collection(nameof(CourseRun))]
public sealed class RunningTheCourse(CourseRun course, ITestOutputHelper log)
{
    [Fact]
    public void Every_notebook_runs_to_its_end()
    {
        log.WriteLine(course.Output);
        Assert.True(course.ExitCode == 0, course.Output);
        Assert.Equal(Repository.Notebooks.Select(Path.GetFileNameWithoutExtension), course.Pages.Select(Path.GetFileNameWithoutExtension));
    }

    [Fact]
    public void No_executed_cell_shows_an_error()
    {
        foreach (var path in Directory.EnumerateFiles(course.Folder, "*.ipynb"))
            foreach (var cell in JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray())
                Assert.All(cell!["outputs"]?.AsArray() ?? [], output => Assert.NotEqual("error", (string?)output!["output_type"]));
    }

    [Fact]
    public void Every_chart_and_table_says_where_its_figures_come_from()
    {
        foreach (var page in course.Pages)
        {
            var html = File.ReadAllText(page);
            var captions = html.Split("<figcaption").Skip(1).Select(part => part[..part.IndexOf("</figcaption>", StringComparison.Ordinal)]).ToList();
            Assert.NotEmpty(captions);
            Assert.All(captions, caption => Assert.Matches("Measured in this session|Recorded:|Computed:", caption));
        }
    }

    [Fact]
    public async Task Every_chart_is_drawn_in_a_browser_and_nothing_is_asked_of_the_network()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        foreach (var path in course.Pages)
        {
            var (page, requests, problems) = (await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1200, Height = 900 } }), new List<string>(), new List<string>());
            page.Request += (_, request) => requests.Add(request.Url);
            page.PageError += (_, error) => problems.Add(error);
            page.Console += (_, message) => problems.AddRange(message.Type == "error" ? [message.Text] : []);
            await page.GotoAsync(new Uri(path).AbsoluteUri);
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('[id^=chart-]')].every(chart => chart.querySelector('svg.main-svg'))");
            var charts = await page.EvaluateAsync<int>("() => document.querySelectorAll('[id^=chart-]').length");
            var empty = await page.EvaluateAsync<int>("() => [...document.querySelectorAll('[id^=chart-]')].filter(chart => !chart.querySelector('.trace, .plot path, .points path, .heatmaplayer image')).length");
            var tooWide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            log.WriteLine($"{Path.GetFileName(path)}: {charts} charts");
            Assert.True(charts > 0 && empty == 0, $"{empty} of {charts} charts hold no data");
            Assert.Equal(0, tooWide);
            Assert.Empty(problems);
            Assert.All(requests, url => Assert.Matches("^(file|data|blob):", url));
        }
    }
}
