using System.Globalization;
using System.Text.RegularExpressions;

namespace Spark.Engine.Tests;

/// <summary>A strict reader of Prometheus' text format 0.0.4: every sample belongs to the family declared before it, no family or sample comes twice, histograms are whole.</summary>
sealed partial class PrometheusText
{
    readonly Dictionary<string, double> samples = [];

    public Dictionary<string, string> Types { get; } = [];

    public static PrometheusText Parse(string text)
    {
        var metrics = new PrometheusText();
        Assert.EndsWith("\n", text);
        var (help, family) = ("", "");
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } described)
                help = described.Groups[1].Value;
            else if (Type().Match(line) is { Success: true } typed)
            {
                family = typed.Groups[1].Value;
                Assert.Equal(help, family);
                metrics.Types.Add(family, typed.Groups[2].Value);
            }
            else
                metrics.Add(line, family);
        }
        foreach (var (name, type) in metrics.Types.Where(t => t.Value == "histogram"))
            metrics.CheckHistogram(name);
        return metrics;
    }

    /// <summary>The value of the one sample of this name with these label pairs among its labels.</summary>
    public double this[string name, params string[] pairs] =>
        samples.Single(s => s.Key.StartsWith(name + "{", StringComparison.Ordinal) && pairs.All(p => s.Key.Contains(p, StringComparison.Ordinal))).Value;

    void Add(string line, string family)
    {
        var sample = Sample().Match(line);
        Assert.True(sample.Success, line);
        var name = sample.Groups[1].Value;
        var suffixes = Types[family] == "histogram" ? new[] { "_bucket", "_sum", "_count" } : [""];
        Assert.Contains(name, suffixes.Select(s => family + s));
        Assert.Equal(Types[family] == "counter", family.EndsWith("_total", StringComparison.Ordinal) && Types[family] != "histogram");
        samples.Add($"{name}{{{sample.Groups[2].Value}}}", sample.Groups[3].Value switch { "+Inf" => double.PositiveInfinity, var value => double.Parse(value, CultureInfo.InvariantCulture) });
    }

    void CheckHistogram(string name)
    {
        var buckets = samples.Where(s => s.Key.StartsWith($"{name}_bucket{{", StringComparison.Ordinal)).ToList();
        var bounds = buckets.ConvertAll(b => Bound().Match(b.Key).Groups[1].Value switch { "+Inf" => double.PositiveInfinity, var bound => double.Parse(bound, CultureInfo.InvariantCulture) });
        Assert.Equal(bounds.Order(), bounds);
        Assert.Equal(double.PositiveInfinity, bounds[^1]);
        Assert.Equal(buckets.Select(b => b.Value).Order(), buckets.Select(b => b.Value));
        Assert.Equal(this[$"{name}_count"], buckets[^1].Value);
    }

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,(?!\})|(?=\})))+)\} (\+Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("le=\"([^\"]+)\"")]
    private static partial Regex Bound();
}
