using System.Globalization;
using CsCheck;

namespace Spark.Notebooks.Tests;

public class ScrapingMetrics
{
    static readonly string Exposition = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Serving", "vllm-metrics.txt")).Replace("RUNNING", "2.0").Replace("GENERATED", "640.0");

    [Fact]
    public void VLLMs_exposition_becomes_typed_figures()
    {
        var metrics = EngineMetrics.Parse("node-0", Exposition);
        Assert.Equal((2, 0, 0.25, 3L), (metrics.Running, metrics.Waiting, metrics.KvCacheUsage, metrics.Preemptions));
        Assert.Equal((2048L, 512L, 4096L, 640L, 8L), (metrics.PrefixCacheQueries, metrics.PrefixCacheHits, metrics.PromptTokens, metrics.GenerationTokens, metrics.RequestSuccess));
        Assert.Equal(new(8, TimeSpan.FromSeconds(0.5)), metrics.TimeToFirstToken);
        Assert.Equal(TimeSpan.FromMilliseconds(2.5), metrics.InterTokenLatency.Mean);
        Assert.Equal(TimeSpan.FromMicroseconds(12), metrics.QueueTime.Sum);
    }

    [Fact]
    public void The_difference_of_two_scrapes_is_what_happened_between_them()
    {
        var before = EngineMetrics.Parse("node-0", Exposition);
        var after = before with { Running = 5, GenerationTokens = 700, TimeToFirstToken = new(10, TimeSpan.FromSeconds(0.75)) };
        var delta = after.Since(before);
        Assert.Equal((5, 60L, 0L), (delta.Running, delta.GenerationTokens, delta.PromptTokens));
        Assert.Equal(TimeSpan.FromSeconds(0.125), delta.TimeToFirstToken.Mean);
        Assert.Null(delta.DecodeTime.Mean);
    }

    [Fact]
    public void Several_engine_cores_behind_one_server_are_added_up()
    {
        var twice = Exposition + Exposition.Replace("engine=\"0\"", "engine=\"1\"");
        var metrics = EngineMetrics.Parse("node-0", twice);
        Assert.Equal((4, 1280L, 0.25), (metrics.Running, metrics.GenerationTokens, metrics.KvCacheUsage));
    }

    [Fact]
    public void A_server_without_vLLMs_metrics_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidDataException>(() => EngineMetrics.Parse("node-0", "up 1\n"));
        Assert.Equal("node-0: vllm:num_requests_running is missing; is this a vLLM server?", error.Message);
    }

    [Theory]
    [InlineData("a 1", "a", 1)]
    [InlineData("a{} 1", "a", 1)]
    [InlineData("a{b=\"c\",} 1 1700000000000", "a", 1)]
    [InlineData("a:b_total{le=\"+Inf\"}\t+Inf", "a:b_total", double.PositiveInfinity)]
    [InlineData("  a { b = \"c\" , d = \"e\" } -1.5e-3  ", "a", -0.0015)]
    public void Samples_are_read_as_the_format_allows(string line, string name, double value)
    {
        var sample = PrometheusText.Parse(line).Single();
        Assert.Equal((name, value), (sample.Name, sample.Value));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1a 1")]
    [InlineData("a 1 2 3")]
    [InlineData("a 1 x")]
    [InlineData("a 1,5")]
    [InlineData("a{b=c} 1")]
    [InlineData("a{b=\"c} 1")]
    [InlineData("a{b=\"c\" d=\"e\"} 1")]
    [InlineData("a{b=\"c\",b=\"d\"} 1")]
    [InlineData("a{b=\"\\x\"} 1")]
    [InlineData("{\"error\":\"Unauthorized\"}")]
    public void Malformed_lines_are_refused_with_their_number(string line) =>
        Assert.Contains("line 2 ", Assert.Throws<FormatException>(() => PrometheusText.Parse($"ok 1\n{line}\nok 2")).Message);

    [Fact]
    public void Any_labels_and_any_value_survive_writing_and_reading() => Gen.Select(Gen.Dictionary(Gen.String["abc_xyz"].Where(name => name.Length > 0), Gen.String)[0, 4], Gen.Double)
        .Sample((labels, value) =>
        {
            var written = string.Join(',', labels.Select(label => $"{label.Key}=\"{label.Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")}\""));
            var sample = PrometheusText.Parse($"m{{{written}}} {Text(value)}").Single();
            return sample.Value.Equals(value) && sample.Labels.Count == labels.Count && labels.All(label => sample.Labels[label.Key] == label.Value);
        });

    static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
