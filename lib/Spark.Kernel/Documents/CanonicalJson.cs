using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Spark.Kernel;

/// <summary>Writes JSON byte for byte as Jupyter writes notebooks: sorted keys, an indent of one space, only what must be escaped escaped, a newline at the end.</summary>
internal static class CanonicalJson
{
    public static string Write(JsonNode root)
    {
        var text = new StringBuilder();
        Write(root, 0, text);
        return text.Append('\n').ToString();
    }

    static void Write(JsonNode? node, int depth, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                Block('{', members.OrderBy(member => member.Key, StringComparer.Ordinal), '}', depth, text, member =>
                {
                    Quote(member.Key, text);
                    text.Append(": ");
                    Write(member.Value, depth + 1, text);
                });
                break;
            case JsonArray items:
                Block('[', items, ']', depth, text, item => Write(item, depth + 1, text));
                break;
            case var value when value.GetValueKind() == JsonValueKind.String:
                Quote(value.GetValue<string>(), text);
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    static void Block<T>(char open, IEnumerable<T> parts, char close, int depth, StringBuilder text, Action<T> write)
    {
        text.Append(open);
        var separator = "";
        foreach (var part in parts)
        {
            text.Append(separator).Append('\n').Append(' ', depth + 1);
            write(part);
            separator = ",";
        }
        if (separator.Length > 0)
            text.Append('\n').Append(' ', depth);
        text.Append(close);
    }

    static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        text.Append('"');
    }
}
