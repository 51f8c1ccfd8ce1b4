namespace Spark.Kernel.Tests;

[Collection(TestSession.Collection)]
public sealed class Displays : IDisposable
{
    readonly TestSession session = new();

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData("display(\"<i>y</i>\");", "text/plain", "<i>y</i>")]
    [InlineData("display(\"<i>y</i>\", \"text/html\");", "text/html", "&lt;i&gt;y&lt;/i&gt;")]
    [InlineData("display(HTML(\"<i>y</i>\"));", "text/html", "<i>y</i>")]
    [InlineData("\"<i>y</i>\".DisplayAs(\"text/html\");", "text/html", "<i>y</i>")]
    [InlineData("HTML(\"<i>y</i>\").Display();", "text/html", "<i>y</i>")]
    [InlineData("Javascript(\"f()\");", "text/html", "<script type=\"text/javascript\">f()</script>")]
    [InlineData("CSS(\"b {}\");", "text/html", "<style>b {}</style>")]
    public async Task The_functions_of_NET_Interactive_show_what_they_show_there(string code, string mimeType, string content)
    {
        await session.RunAsync(code);
        var output = Assert.Single(session.Outputs())!;
        Assert.Equal("display_data", (string?)output["output_type"]);
        Assert.Contains(content, TestSession.Text(output["data"]![mimeType]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_display_may_have_several_types()
    {
        await session.RunAsync("display(12, \"text/plain\", \"text/html\", \"application/json\");");
        Assert.Equal(["application/json", "text/html", "text/plain"], session.Outputs()[0]!["data"]!.AsObject().Select(entry => entry.Key).Order());
        Assert.Equal(12, (int?)session.Outputs()[0]!["data"]!["application/json"]);
    }

    [Fact]
    public async Task An_update_replaces_the_display_where_it_stands()
    {
        await session.RunAsync("var shown = display(\"old\");\nConsole.Write(\"between\");\nshown.Update(\"new\");");
        Assert.Equal(["display_data", "stream"], session.Outputs().Select(output => (string?)output!["output_type"]));
        Assert.Equal("new", TestSession.Text(session.Outputs()[0]!["data"]!["text/plain"]));
        Assert.IsType<UpdateDisplayData>(session.Shown[^1]);
    }

    [Fact]
    public async Task A_later_cell_updates_an_earlier_ones_display()
    {
        await session.RunAsync("var shown = display(\"old\");");
        await session.RunAsync("shown.Update(\"new\");");
        Assert.Empty(session.Outputs());
        Assert.Equal("new", TestSession.Text(session.Outputs(1)[0]!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task An_update_keeps_the_types_of_the_display()
    {
        await session.RunAsync("var shown = display(1, \"text/plain\", \"application/json\");\nshown.Update(2);");
        var data = session.Outputs()[0]!["data"]!.AsObject();
        Assert.Equal(2, (int?)data["application/json"]);
        Assert.Equal("2", TestSession.Text(data["text/plain"]));
    }

    [Fact]
    public async Task Background_work_updates_its_display_live()
    {
        await session.RunAsync("var bar = display(\"0%\");\nawait Task.Run(async () => { for (var i = 1; i <= 3; i++) { bar.Update($\"{i}\"); await Task.Yield(); } });");
        Assert.Equal(["1", "2", "3"], session.Shown.OfType<UpdateDisplayData>().Select(update => (string?)update.Data["text/plain"]));
    }
}
