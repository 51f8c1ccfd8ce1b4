using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Spark.Notebooks;

/// <summary>Plotly's JSON from anonymous objects that read as its reference does.</summary>
internal static class PlotlyJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ShortNumber() },
    };

    public static JsonNode From(object value) => JsonSerializer.SerializeToNode(value, Options)!;

    /// <summary>The first object's properties, overlaid with the second's at every depth.</summary>
    public static JsonObject Merge(object below, object above)
    {
        var merged = From(below).AsObject();
        foreach (var (name, value) in From(above).AsObject())
            merged[name] = value is JsonObject inner && merged[name] is JsonObject existing ? Merge(existing, inner) : value?.DeepClone();
        return merged;
    }

    /// <summary>Six digits are more than a screen shows; JSON has no word for NaN, and Plotly takes null as a gap.</summary>
    sealed class ShortNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteRawValue(value.ToString("G6", CultureInfo.InvariantCulture));
            else
                writer.WriteNullValue();
        }
    }
}
