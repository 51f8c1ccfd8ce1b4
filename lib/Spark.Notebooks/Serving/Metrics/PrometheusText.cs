using System.Globalization;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>Reads the Prometheus text format, version 0.0.4, and refuses what it does not allow (prometheus.io/docs/instrumenting/exposition_formats).</summary>
internal static partial class PrometheusText
{
    /// <exception cref="FormatException">A line is malformed; the message has its number.</exception>
    public static IReadOnlyList<PrometheusSample> Parse(string text)
    {
        var samples = new List<PrometheusSample>();
        foreach (var (index, line) in text.Split('\n').Select(line => line.Trim(' ', '\t', '\r')).Index())
        {
            if (line.Length > 0 && line[0] != '#')
                samples.Add(ReadSample(line) ?? throw new FormatException($"line {index + 1} of the metrics is no sample: {line}"));
        }

        return samples;
    }

    static PrometheusSample? ReadSample(string line)
    {
        if (Sample().Match(line) is not { Success: true, Groups: var parts } || ReadValue(parts["value"].Value) is not { } value)
            return null;
        var labels = new Dictionary<string, string>();
        foreach (var (label, text) in parts["label"].Captures.Zip(parts["text"].Captures))
        {
            if (!labels.TryAdd(label.Value, Escape().Replace(text.Value, escape => escape.Value is "\\n" ? "\n" : escape.Value[1..])))
                return null;
        }

        return new(parts["name"].Value, labels, value);
    }

    static double? ReadValue(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    // name{label="text",…} value timestamp
    [GeneratedRegex("""
        ^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
        (?:[ \t]*\{[ \t]*
          (?:(?<label>[a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"(?<text>(?:[^"\\]|\\[\\"n])*)"[ \t]*(?:,[ \t]*|(?=\})))*
        \}[ \t]*|[ \t]+)
        (?<value>[^ \t]+)(?:[ \t]+-?[0-9]+)?$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("""\\.""")]
    private static partial Regex Escape();
}
