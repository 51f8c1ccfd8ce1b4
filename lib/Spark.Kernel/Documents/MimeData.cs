using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>A MIME bundle as notebooks store it: text in lines, binary data as one string, JSON as JSON.</summary>
internal static class MimeData
{
    public static JsonObject ToNotebook(JsonObject bundle) =>
        new(bundle.Select(entry => KeyValuePair.Create(entry.Key, InLines(entry.Key) && IsText(entry.Value) ? MultilineText.Lines(entry.Value!.GetValue<string>()) : entry.Value?.DeepClone())));

    static bool InLines(string mimeType) =>
        mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "application/javascript" or "image/svg+xml";

    static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;
}
