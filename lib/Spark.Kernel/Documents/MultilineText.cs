using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Spark.Kernel;

/// <summary>Text as notebooks store it: one string, or a list of lines that keep their line ends.</summary>
internal static partial class MultilineText
{
    public static string Read(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(line => line?.GetValue<string>())),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => "",
    };

    public static JsonArray Lines(string text) => [.. Line().Matches(text).Select(match => (JsonNode)match.Value)];

    // The line ends of Python's str.splitlines, by which Jupyter splits.
    [GeneratedRegex(@"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")]
    private static partial Regex Line();
}
