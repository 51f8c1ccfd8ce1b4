using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>Collects what cells show into nbformat outputs: streams run together, displays are updated where they stand.</summary>
internal sealed class OutputRecorder
{
    readonly Lock recording = new();
    readonly Dictionary<int, List<IEntry>> cells = [];
    readonly Dictionary<string, DataEntry> displays = [];

    interface IEntry
    {
        JsonObject ToJson();
    }

    public void Record(int cell, Output output)
    {
        lock (recording)
        {
            if (output is UpdateDisplayData update)
                displays[update.DisplayId].Data = update.Data;
            else
                Add(EntriesOf(cell), output);
        }
    }

    public JsonArray OutputsOf(int cell)
    {
        lock (recording)
            return [.. EntriesOf(cell).Select(entry => entry.ToJson())];
    }

    void Add(List<IEntry> entries, Output output)
    {
        switch (output)
        {
            case StreamOutput stream:
                if (entries is not [.., StreamEntry last] || last.Name != stream.Name)
                    entries.Add(last = new StreamEntry(stream.Name));
                last.Text.Write(stream.Text);
                break;
            case DisplayData display:
                entries.Add(displays[display.DisplayId] = new DataEntry("display_data", display.Data, null));
                break;
            case ExecuteResult result:
                entries.Add(new DataEntry("execute_result", result.Data, result.ExecutionCount));
                break;
            case ErrorOutput error:
                entries.Add(new ErrorEntry(error));
                break;
        }
    }

    List<IEntry> EntriesOf(int cell) => cells.TryGetValue(cell, out var entries) ? entries : cells[cell] = [];

    sealed record StreamEntry(string Name) : IEntry
    {
        public TerminalText Text { get; } = new();

        public JsonObject ToJson() => new() { ["output_type"] = "stream", ["name"] = Name, ["text"] = MultilineText.Lines(Text.ToString()) };
    }

    sealed record DataEntry(string Type, JsonObject Data, int? ExecutionCount) : IEntry
    {
        public JsonObject Data { get; set; } = Data;

        public JsonObject ToJson()
        {
            var json = new JsonObject { ["output_type"] = Type, ["data"] = MimeData.ToNotebook(Data), ["metadata"] = new JsonObject() };
            if (ExecutionCount is { } count)
                json["execution_count"] = count;
            return json;
        }
    }

    sealed record ErrorEntry(ErrorOutput Error) : IEntry
    {
        public JsonObject ToJson() => new()
        {
            ["output_type"] = "error",
            ["ename"] = Error.Name,
            ["evalue"] = Error.Value,
            ["traceback"] = new JsonArray([.. Error.Traceback.Select(line => (JsonNode)line)]),
        };
    }
}
