using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Notebooks.Tests;

[Collection(Page.Name)]
public sealed class ChartsShow : IDisposable
{
    const string PlotlyMime = "application/vnd.plotly.v1+json";

    public static TheoryData<string, Func<Chart>> All { get; } = new()
    {
        { "timeline", () => Charts.Timeline(Samples.Run(8)) },
        { "timeline with a failure", () => Charts.Timeline(Samples.Run(2, more: Samples.FailedRequest(2))) },
        { "inter-token latency", () => Charts.InterTokenLatency(Samples.Request()) },
        { "TTFT", () => Sweep("TTFT", Charts.Ttft) },
        { "ITL", () => Sweep("ITL", Charts.Itl) },
        { "roofline", () => Charts.Roofline(Samples.Ceilings, ShapeFiles.Tales, Samples.Sweep("TTFT", 16, 512), Samples.Sweep("ITL", 64, 512, 1024), Samples.Run(8)) },
        { "throughput and latency", () => Charts.ThroughputAndLatency(Samples.Runs, Samples.Runs) },
        { "capacity", () => Charts.Capacity((0.1, Samples.Run(8)), (0.9, Samples.Run(8))) },
        { "compare", () => Charts.Compare("Throughput", Provenance.Computed("a test"), ("single", new([1, 2, 3], "tokens/s")), ("replicated", new([2, 3, 4], "tokens/s"))) },
        { "contention", () => Charts.Contention(Samples.Contention()) },
        { "links", () => Charts.Links(Samples.Link("tcp", 50), Samples.Link("shm", 1)) },
        { "KV size", () => Charts.KvSize(ModelShape.Catalogue()) },
        { "recorded links", () => Charts.Bandwidth("links", Recorded.SparkNixl(), Recorded.SparkSockets(), Recorded.CourseAssumptions()) },
        { "recorded copies", () => Charts.Bandwidth("copies", Recorded.H100Copies()) },
        { "recorded posting", () => Charts.Posting(Recorded.SparkPosting()) },
        { "share of TTFT", () => Charts.TtftShare(Recorded.H100Prefill(), 2048, 16, Recorded.H100Copies()) },
        { "break-even", () => Charts.BreakEven(new KvKnobs().Lengths, [Recorded.SparkPrefill(ShapeFiles.Llama8B), Recorded.H100Prefill()], Recorded.SparkNixl()) },
        { "moves", () => Charts.Moves(Samples.Moves, Samples.Link("tcp", 50), Samples.Link("shm", 1)) },
        { "recorded sweep", () => Charts.Recorded(Recorded.SparkSweep()) },
        { "recorded GPU", () => Charts.Recorded(Recorded.H100()) },
        { "recorded roofline", () => Charts.Roofline(Recorded.H100()) },
        { "recorded interference", () => Charts.Recorded(Recorded.H100Interference()) },
        { "timeline by node", () => Charts.TimelineByNode(StudySamples.Run(StudySamples.Disaggregated, 60, 3)) },
        { "timeline by node, one leg", () => Charts.TimelineByNode(StudySamples.Run(StudySamples.Replicated, 60, 3)) },
        { "proxy hop", () => Charts.ProxyHop(ExperimentSamples.ProxyHop) },
        { "routing", () => Charts.Routing(ExperimentSamples.Routing) },
        { "scaling", () => Charts.Scaling(ExperimentSamples.Scaling) },
        { "TTFT breakdown", () => Charts.TtftBreakdown(ExperimentSamples.Breakdowns) },
        { "interference", () => Charts.Interference(ExperimentSamples.Interference) },
        { "transport", () => Charts.Transport(ExperimentSamples.Transport) },
        { "load and latency", () => Charts.LoadLatency(StudySamples.Study, "rag") },
        { "node use", () => Charts.NodeUse(StudySamples.Study) },
        { "CDF", () => Charts.Cdf("TTFT", StudySamples.Study.Under("rag", 1), request => request.Ttft) },
        { "verdict", () => Charts.Verdict(StudySamples.Study.Verdict()) },
        { "calibration", () => Charts.Calibration(Calibration.Of([Calibrating.Row("00", "a round trip", 5, 42), Calibrating.Row("01", "TTFT <of> a prompt", 50, 25), Calibrating.Row("04", "longest gap", 900, 148)])) },
        { "winner maps", () => Charts.WinnerMaps(StudySamples.Study.Map(), StudySamples.Study.PredictedMap(Samples.Roofline, ShapeFiles.Tales)) },
    };

    public ChartsShow() => PlotlyScript.CarriedBy(new());

    public void Dispose() => PlotlyScript.Forget();

    [Fact]
    public void A_chart_offers_plotly_JSON_then_HTML_then_text() =>
        Assert.Equal([PlotlyMime, "text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Chart)));

    [Theory, MemberData(nameof(All))]
    public void The_plotly_JSON_is_an_object_with_data_layout_and_axes_that_have_titles(string name, Func<Chart> chart)
    {
        using var json = JsonDocument.Parse(Formatter.ToDisplayString(chart(), PlotlyMime));
        Assert.NotEmpty(json.RootElement.GetProperty("data").EnumerateArray());
        var layout = json.RootElement.GetProperty("layout");
        Assert.Contains(chart().Title, layout.GetProperty("title").GetProperty("text").GetString()!, StringComparison.Ordinal);
        var axes = layout.EnumerateObject().Where(property => property.Name.StartsWith("xaxis", StringComparison.Ordinal) || property.Name.StartsWith("yaxis", StringComparison.Ordinal)).ToArray();
        Assert.True(axes.Length >= 2, name);
        Assert.All(axes, axis => Assert.True(name == "compare" || axis.Value.GetProperty("title").GetProperty("text").GetString()!.Length > 0, axis.Name));
    }

    [Theory, MemberData(nameof(All))]
    public void The_HTML_needs_nothing_from_elsewhere(string name, Func<Chart> chart)
    {
        var html = Formatter.ToDisplayString(chart(), "text/html");
        Assert.Contains("Plotly.newPlot", html, StringComparison.Ordinal);
        Assert.Contains("<noscript>", html, StringComparison.Ordinal);
        Assert.False(html.Contains("http:", StringComparison.OrdinalIgnoreCase) || html.Contains("https:", StringComparison.OrdinalIgnoreCase), name);
        Assert.DoesNotContain(" src=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("import(", html, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void The_text_is_one_line_with_numbers(string name, Func<Chart> chart)
    {
        var text = Formatter.ToDisplayString(chart(), "text/plain");
        Assert.True(text.Any(char.IsDigit) && !text.Contains('\n'), name);
        Assert.StartsWith(chart().Title, text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void The_caption_says_where_the_figures_come_from(string name, Func<Chart> chart)
    {
        var provenance = chart().Provenance;
        Assert.Equal(name.StartsWith("recorded", StringComparison.Ordinal), provenance.Kind == "recorded");
        Assert.Contains(provenance.Text[..10], Formatter.ToDisplayString(chart(), "text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_answered_cannot_become_markup()
    {
        var html = Charts.Timeline(Samples.Run(2, more: Samples.FailedRequest(2))).ToHtml();
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Gauges_of_two_engines_do_not_become_one_line()
    {
        var run = Samples.Run(8);
        var error = Assert.Throws<ArgumentException>(() => Charts.Capacity((0.3, run with { Samples = [.. run.Samples, run.Samples[0] with { Node = "node-1" }] })));
        Assert.Contains("2 engines", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_chart_says_so_in_its_title() => Assert.StartsWith("Recorded", Charts.Recorded(Recorded.H100()).Title, StringComparison.Ordinal);

    [Fact]
    public void Numbers_that_JSON_cannot_hold_become_gaps() =>
        Assert.Equal("[1,null,0.333333]", PlotlyJson.From(new[] { 1, double.NaN, 1.0 / 3 }).ToJsonString());

    static Chart Sweep(string metric, Func<Sweep, Fit, ModelShape, Roofline, Chart> chart)
    {
        var sweep = Samples.Sweep(metric, 16, 128, 1024);
        return chart(sweep, Fit.Line(sweep), ShapeFiles.Tales, Samples.Roofline);
    }
}
