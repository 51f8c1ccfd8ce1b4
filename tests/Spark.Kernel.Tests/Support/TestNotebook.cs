using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

/// <summary>Notebooks as text, in the canonical form.</summary>
internal static class TestNotebook
{
    public static string OfCode(params IEnumerable<string> sources) => Of(sources.Select(source => Code(source)));

    public static string Of(params IEnumerable<JsonObject> cells) => CanonicalJson.Write(new JsonObject
    {
        ["cells"] = new JsonArray([.. cells]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    });

    public static JsonObject Code(string source, params string[] tags) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = "code",
        ["metadata"] = tags.Length == 0 ? new JsonObject() : new JsonObject { ["tags"] = new JsonArray([.. tags]) },
        ["outputs"] = new JsonArray(),
        ["source"] = MultilineText.Lines(source),
    };

    public static JsonObject Markdown(string source) => new()
    {
        ["cell_type"] = "markdown",
        ["id"] = "prose",
        ["metadata"] = new JsonObject(),
        ["source"] = MultilineText.Lines(source),
    };
}
