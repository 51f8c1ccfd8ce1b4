using System.Text.Json;

namespace Spark.Engine;

/// <summary>Reads typed fields of a JSON object; every error names the file and the field.</summary>
internal sealed class ConfigReader(string path, JsonElement root)
{
    public int Positive(string field, int? whenAbsent = null) => Find(field) switch
    {
        null when whenAbsent is { } value => value,
        null => throw Error(field, "is missing"),
        { ValueKind: JsonValueKind.Number } e when e.TryGetInt32(out var value) && value > 0 => value,
        { } e => throw Error(field, $"is {e.GetRawText()}, which is not a positive integer"),
    };

    public float Number(string field, float? whenAbsent = null) => Find(field) switch
    {
        null when whenAbsent is { } value => value,
        null => throw Error(field, "is missing"),
        { ValueKind: JsonValueKind.Number } e => e.GetSingle(),
        { } e => throw Error(field, $"is {e.GetRawText()}, which is not a number"),
    };

    public bool Flag(string field, bool whenAbsent = false) => Find(field) switch
    {
        null => whenAbsent,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } e => throw Error(field, $"is {e.GetRawText()}, which is neither true nor false"),
    };

    public string? Text(string field) => Find(field) is { ValueKind: JsonValueKind.String } e ? e.GetString() : null;

    public ConfigReader? Section(string field) => Find(field) is { ValueKind: JsonValueKind.Object } e ? new ConfigReader($"{path}: {field}", e) : null;

    public void Require(string field, string only, string? whenAbsent = null)
    {
        if ((Text(field) ?? whenAbsent) is var value && value != only)
            throw Error(field, $"is '{value}'; this engine computes '{only}' only");
    }

    public void RequireAbsent(params string[] fields)
    {
        foreach (var field in fields)
            if (Find(field) is { ValueKind: not JsonValueKind.False })
                throw Error(field, "is set, and this engine does not compute it");
    }

    public ModelFormatException Error(string field, string what) => new($"{path}: '{field}' {what}.");

    JsonElement? Find(string field) => root.TryGetProperty(field, out var e) && e.ValueKind != JsonValueKind.Null ? e : null;
}
