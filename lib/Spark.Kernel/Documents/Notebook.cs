using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>A C# notebook in nbformat 4; unknown fields and metadata survive reading and writing.</summary>
internal sealed class Notebook
{
    readonly JsonObject json;

    Notebook(string path, JsonObject json)
    {
        this.json = json;
        FilePath = path;
        Cells = [.. json["cells"]!.AsArray().Select(cell => new NotebookCell(cell!.AsObject()))];
    }

    public string FilePath { get; }

    public string Name => Path.GetFileNameWithoutExtension(FilePath);

    public string Directory => Path.GetDirectoryName(FilePath)!;

    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <exception cref="NotebookFormatException">The file is not a C# notebook in nbformat 4.</exception>
    public static Notebook Load(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            Check(json, path);
            return new Notebook(Path.GetFullPath(path), json!.AsObject());
        }
        catch (JsonException error)
        {
            throw new NotebookFormatException(path, $"malformed JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new NotebookFormatException(path, $"a field has the wrong type: {error.Message}", error);
        }
    }

    public void Save(string path) => File.WriteAllText(path, CanonicalJson.Write(json));

    /// <summary>Its text as it is kept under version control.</summary>
    public string ToCanonical() => CanonicalNotebook.Write(json);

    static void Check(JsonNode? json, string path)
    {
        if (json is not JsonObject || json["nbformat"] is not { } format)
            throw new NotebookFormatException(path, "not a notebook: it has no `nbformat`");
        if (format.GetValue<int>() != 4)
            throw new NotebookFormatException(path, $"nbformat {format} is not supported, only 4: convert it with `jupyter nbconvert --to notebook --nbformat 4`");
        if (json["cells"] is not JsonArray cells || cells.Any(cell => cell is not JsonObject))
            throw new NotebookFormatException(path, "not a notebook: `cells` is not a list of cells");

        var kernel = json["metadata"]?["kernelspec"];
        var name = kernel?["name"]?.GetValue<string>() ?? "";
        if (kernel?["language"]?.GetValue<string>() is not "C#" && !name.Contains("csharp", StringComparison.OrdinalIgnoreCase))
            throw new NotebookFormatException(path, $"not a C# notebook: metadata.kernelspec names {(name.Length > 0 ? $"the kernel '{name}'" : "no kernel")}; '.net-csharp' is expected");
        for (var i = 0; i < cells.Count; i++)
            if (new NotebookCell(cells[i]!.AsObject()) is { IsCode: true, Language: { } language } && language is not ("csharp" or "C#"))
                throw new NotebookFormatException(path, $"cells[{i}] is written in '{language}', only C# cells run");
    }
}
