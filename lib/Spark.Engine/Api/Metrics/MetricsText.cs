using System.Text;

namespace Spark.Engine;

/// <summary>Writes metrics in Prometheus' text exposition format 0.0.4, which unlike the .NET clients allows the colon in <c>vllm:</c> names.</summary>
internal sealed class MetricsText
{
    readonly StringBuilder text = new();

    public void Family(string name, string type, string help)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\").Replace("\n", "\\n")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <param name="name">With its suffix.</param>
    /// <param name="labels">As <see cref="Labels"/> writes them.</param>
    /// <param name="value">Any double, infinities and NaN too.</param>
    public void Sample(string name, string labels, double value) =>
        text.Append(name).Append('{').Append(labels).Append("} ").Append(Number(value)).Append('\n');

    public override string ToString() => text.ToString();

    /// <summary>Label pairs in the order of their names, as Python's client writes them.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}=\"{Escaped(l.Value)}\""));

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => PythonText.Repr(value),
    };

    static string Escaped(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
