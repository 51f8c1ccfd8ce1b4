using System.Text.Json;

namespace Spark.Engine;

/// <summary>What every object and chunk of one response begins with.</summary>
internal sealed record ResponseHead(string Id, string Object, long Created, string Model)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, Object);
        json.WriteNumber("created"u8, Created);
        json.WriteString("model"u8, Model);
    }
}
