using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Referenced_libraries : IDisposable
{
    readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Its_formatters_reach_the_hosts_registry_and_every_preferred_type_is_shown()
    {
        await ReferenceAsync();
        await session.RunAsync("Chart.Register();\nnew Chart(\"TTFT\")");

        var data = session.Outputs()[0]!["data"]!.AsObject();
        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "text/plain"], data.Select(entry => entry.Key).Order());
        Assert.Equal("TTFT", (string?)data["application/vnd.plotly.v1+json"]!["layout"]!["title"]);
        Assert.Equal("<div class=\"chart teal\">TTFT</div>", TestSession.Text(data["text/html"]));
        Assert.Equal("chart: TTFT", TestSession.Text(data["text/plain"]));
    }

    [Fact]
    public async Task A_formatter_source_named_by_a_type_needs_no_registration()
    {
        await ReferenceAsync();
        Assert.Equal("<meter value=\"30\" max=\"100\"></meter>", await session.RunAsync("new Gauge(30)"));
    }

    [Fact]
    public async Task Formatters_registered_by_a_cell_count_for_the_librarys_types()
    {
        await ReferenceAsync();
        await session.RunAsync("using Microsoft.DotNet.Interactive.Formatting;\nFormatter.Register<Chart>(chart => $\"<b>{chart.Title}</b>\", \"text/html\");");
        Assert.Equal("<b>ITL</b>", await session.RunAsync("new Chart(\"ITL\")"));
    }

    [Fact]
    public async Task The_process_has_one_copy_of_what_both_carry()
    {
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(TestSession.FixtureLibrary)!, "Microsoft.DotNet.Interactive.Formatting.dll")));
        await ReferenceAsync();
        Assert.Equal("<em>banner</em>", await session.RunAsync("Chart.Banner()"));
        Assert.Equal("1", await session.RunAsync("AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == \"Microsoft.DotNet.Interactive.Formatting\").ToString()"));
    }

    [Fact]
    public async Task Its_own_dependencies_are_found_beside_it()
    {
        await ReferenceAsync();
        await session.RunAsync("Chart.Register();\ndisplay(new Chart(\"a\"), \"text/html\");");
        Assert.Contains("teal", TestSession.Text(session.Outputs()[0]!["data"]!["text/html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assemblies_of_the_framework_are_referenced_by_name() =>
        Assert.Equal("WebApplication", await session.RunAsync("#r \"Microsoft.AspNetCore\"\nusing Microsoft.AspNetCore.Builder;\nnameof(WebApplication)"));

    [Fact]
    public async Task A_session_starts_without_the_formatters_of_an_earlier_one()
    {
        await session.RunAsync("using Microsoft.DotNet.Interactive.Formatting;\nFormatter.Register<Version>(v => \"special\", \"text/html\");\nnew Version(1, 2)");
        Assert.Equal("special", TestSession.Text(session.Outputs()[0]!["data"]!["text/html"]));
        session.Dispose();
        using var later = new TestSession();
        Assert.NotEqual("special", await later.RunAsync("new Version(1, 2)"));
    }

    [Fact]
    public async Task A_json_formatter_that_writes_no_json_fails_the_cell()
    {
        var error = await session.FailAsync("using Microsoft.DotNet.Interactive.Formatting;\nFormatter.Register<Version>(v => \"{\", \"application/x+json\");\ndisplay(new Version(1, 2), \"application/x+json\");");
        Assert.Contains("application/x+json", error.Value, StringComparison.Ordinal);
        Assert.Equal(3, error.At?.Number);
    }

    [Fact]
    public async Task Json_is_stored_as_a_value_and_not_as_a_string()
    {
        await session.RunAsync("\"\"\"{\"a\":[1,2.50]}\"\"\".DisplayAs(\"application/json\");");
        Assert.IsType<JsonObject>(session.Outputs()[0]!["data"]!["application/json"]);
    }

    // Relative, as notebooks write it.
    async Task ReferenceAsync() =>
        await session.RunAsync($"#r \"{Path.GetRelativePath(session.Folder.Path, TestSession.FixtureLibrary).Replace('\\', '/')}\"\nusing Fixture.Charts;");
}
