using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace Spark.Kernel;

/// <summary>Formats values with the notebook's registered formatters into Jupyter's MIME bundles.</summary>
internal static class MimeBundle
{
    public static IReadOnlyCollection<string> PreferredTypes(object? value) => Formatter.GetPreferredMimeTypesFor(value?.GetType()!);

    public static JsonObject Of(object? value, IEnumerable<string> mimeTypes)
    {
        var bundle = new JsonObject();
        foreach (var mimeType in mimeTypes.Distinct())
            bundle[mimeType] = Entry(mimeType, value.ToDisplayString(mimeType));
        return bundle;
    }

    public static JsonObject OfText(string mimeType, string text) => new() { [mimeType] = Entry(mimeType, text) };

    public static bool IsJson(string mimeType) =>
        mimeType.EndsWith("+json", StringComparison.Ordinal) || mimeType == "application/json";

    static JsonNode? Entry(string mimeType, string text)
    {
        if (!IsJson(mimeType))
            return text;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException error)
        {
            throw new FormatException($"The formatter for {mimeType} wrote text that is not JSON: {error.Message}", error);
        }
    }
}
