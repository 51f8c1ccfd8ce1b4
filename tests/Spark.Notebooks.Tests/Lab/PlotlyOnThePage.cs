using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks.Tests;

[Collection(Page.Name)]
public sealed partial class PlotlyOnThePage : IDisposable
{
    const string Banner = "plotly.js v2.";

    public PlotlyOnThePage() => PlotlyScript.Forget();

    public void Dispose() => PlotlyScript.Forget();

    [Fact]
    public void The_first_cell_brings_it_and_no_chart_does_again()
    {
        Assert.Equal(1, Copies(Lesson.Begin("01", "A lesson"), Chart(), Chart()));
    }

    [Fact]
    public void Without_a_first_cell_the_first_chart_brings_it() => Assert.Equal(1, Copies(Chart(), Chart(), Chart()));

    [Fact]
    public void Formatting_the_same_display_again_brings_it_again_since_the_host_keeps_one_of_them()
    {
        var head = Lesson.Begin("01", "A lesson");
        Assert.Equal(1, Copies(head));
        Assert.Equal(1, Copies(head));
        Assert.Equal(0, Copies(Chart()));
    }

    [Fact]
    public void A_first_cell_that_runs_again_brings_it_anew_since_its_output_is_replaced()
    {
        var first = Lesson.Begin("01", "A lesson");
        var again = Lesson.Begin("01", "A lesson");
        Assert.Equal(0, Copies(first, Chart()));
        Assert.Equal(1, Copies(again));
    }

    [Fact]
    public void It_is_hidden_from_module_loaders_and_loads_nothing()
    {
        var html = Lesson.Begin("01", "A lesson").ToHtml();
        Assert.Contains("(function (define, require, module, exports) {", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(RemoteTag(), html);
        Assert.Equal(1, html.Split("</script>").Length - 1);
    }

    [Fact]
    public void Reading_it_loads_no_F_sharp_library_of_which_a_host_may_have_another_version()
    {
        Lesson.Begin("01", "A lesson").ToHtml();
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "FSharp.Core");
    }

    static Chart Chart() => Charts.InterTokenLatency(Samples.Request());

    static int Copies(params object[] displays) =>
        displays.Sum(display => Formatter.ToDisplayString(display, "text/html").Split(Banner).Length - 1);

    [GeneratedRegex("""<(script|link|img|iframe)[^>]*(src|href)=""", RegexOptions.IgnoreCase)]
    private static partial Regex RemoteTag();
}
