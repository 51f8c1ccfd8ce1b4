using System.Text.Json;

namespace Spark.Engine;

/// <summary>A value in a model's JSON file that knows where it stands, so that every error names the file and the field.</summary>
internal sealed class JsonField(string file, JsonElement value, JsonField? parent = null, string? name = null, int index = 0)
{
    public JsonElement Value => value;

    public string Text => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Error($"is {Shown}, which is not a string");

    public int Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Error($"is {Shown}, which is not an integer");

    /// <summary>Whether there is anything but false or an empty string.</summary>
    public bool IsSet => value.ValueKind is not JsonValueKind.False && !(value.ValueKind == JsonValueKind.String && value.GetString() is "");

    public bool IsArray => value.ValueKind == JsonValueKind.Array;

    /// <summary>The kind that a component of tokenizer.json says it is.</summary>
    public string Type => Required("type").Text;

    public IEnumerable<JsonField> Items => IsArray
        ? value.EnumerateArray().Select((item, i) => new JsonField(file, item, this, index: i))
        : throw Error($"is {Shown}, which is not an array");

    public IEnumerable<(string Name, JsonField Value)> Members => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().Select(member => (member.Name, new JsonField(file, member.Value, this, member.Name)))
        : throw Error($"is {Shown}, which is not an object");

    public JsonField? Get(string child) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(child, out var found) && found.ValueKind != JsonValueKind.Null
            ? new(file, found, this, child)
            : null;

    public JsonField Required(string child) => Get(child) ?? throw new JsonField(file, default, this, child).Error("is missing");

    public ModelFormatException Error(string what) => new($"{file}: '{Path}' {what}.");

    string Path => parent is null ? ""
        : name is null ? $"{parent.Path}[{index}]"
        : parent.Path.Length == 0 ? name
        : $"{parent.Path}.{name}";

    string Shown => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
