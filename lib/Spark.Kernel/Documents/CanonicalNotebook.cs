using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Spark.Kernel;

/// <summary>
/// The one form in which a notebook is kept under version control: nothing of any run, every cell with an id of its own, no metadata but what readers and kernels
/// go by, sorted keys. A notebook that is run and saved differs from it in nothing once it is formatted again.
/// </summary>
internal static partial class CanonicalNotebook
{
    static readonly string[] KeptMetadata = ["jupyter", "tags"];

    public static string Write(JsonObject notebook)
    {
        var ids = new HashSet<string>();
        var cells = notebook["cells"]!.AsArray().Select((cell, i) => Cell(cell!.AsObject(), i + 1, ids)).ToArray();
        return CanonicalJson.Write(new JsonObject
        {
            ["cells"] = new JsonArray([.. cells]),
            ["metadata"] = new JsonObject { ["kernelspec"] = KernelSpec(), ["language_info"] = LanguageInfo() },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        });
    }

    static JsonObject Cell(JsonObject cell, int number, HashSet<string> ids)
    {
        var type = (string?)cell["cell_type"];
        var canonical = new JsonObject
        {
            ["cell_type"] = type,
            ["id"] = Id(cell["id"], number, ids),
            ["metadata"] = new JsonObject(KeptMetadata.Where(name => cell["metadata"]?[name] is not null).Select(name => KeyValuePair.Create(name, cell["metadata"]![name]?.DeepClone()))),
            ["source"] = MultilineText.Lines(MultilineText.Read(cell["source"])),
        };
        if (type == "code")
            (canonical["execution_count"], canonical["outputs"]) = (null, new JsonArray());
        else if (cell["attachments"] is JsonObject { Count: > 0 } attachments)
            canonical["attachments"] = attachments.DeepClone();
        return canonical;
    }

    static string Id(JsonNode? given, int number, HashSet<string> taken)
    {
        if ((string?)given is { } id && UsualId().IsMatch(id) && taken.Add(id))
            return id;
        var free = Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? $"cell-{number}" : $"cell-{number}-{i}").First(name => !taken.Contains(name));
        taken.Add(free);
        return free;
    }

    static JsonObject KernelSpec() => new() { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = InstallOptions.UsualName };

    static JsonObject LanguageInfo() => new()
    {
        ["file_extension"] = ".cs",
        ["mimetype"] = "text/x-csharp",
        ["name"] = "C#",
        ["pygments_lexer"] = "csharp",
        ["version"] = "14.0",
    };

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex UsualId();
}
