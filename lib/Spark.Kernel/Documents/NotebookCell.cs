using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>One cell of a notebook; whatever of it has no name here is kept as it was read.</summary>
internal sealed class NotebookCell(JsonObject json)
{
    public string Type { get; } = json["cell_type"]?.GetValue<string>() ?? "";

    public string Source { get; } = MultilineText.Read(json["source"]);

    public IReadOnlyList<string> Tags { get; } = [.. (json["metadata"]?["tags"] as JsonArray ?? []).OfType<JsonValue>().Select(tag => tag.GetValue<string>())];

    public bool IsCode => Type == "code";

    /// <summary>Whether running the notebook runs this cell: as with Jupyter, an empty cell gets no number.</summary>
    public bool IsRunnable => IsCode && !IsSkipped && !string.IsNullOrWhiteSpace(Source);

    public bool IsSkipped => Tags.Contains("skip-run");

    public bool MayFail => Tags.Contains("raises-exception");

    public bool HidesSource => json["metadata"]?["jupyter"]?["source_hidden"]?.GetValue<bool>() == true || Tags.Contains("hide-input");

    /// <summary>The language that a polyglot notebook gives the cell, or null.</summary>
    public string? Language => (json["metadata"]?["polyglot_notebook"]?["kernelName"] ?? json["metadata"]?["dotnet_interactive"]?["language"])?.GetValue<string>();

    /// <summary>Files that the cell's Markdown names as <c>attachment:name</c>.</summary>
    public JsonObject? Attachments => json["attachments"] as JsonObject;

    public int? ExecutionCount
    {
        get => json["execution_count"]?.GetValue<int>();
        set => json["execution_count"] = value;
    }

    /// <summary>Outputs in nbformat's shape.</summary>
    public JsonArray Outputs
    {
        get => json["outputs"] as JsonArray ?? [];
        set => json["outputs"] = value;
    }

    /// <summary>How long the cell ran, if it ran here; not part of the document.</summary>
    public TimeSpan? Elapsed { get; set; }
}
