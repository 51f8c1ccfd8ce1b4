using System.Globalization;
using System.Text;

namespace Spark.Engine;

/// <summary>Values as Python writes them: templates are rendered, and vLLM's validation errors are worded, with its <c>str</c>, <c>repr</c> and <c>json.dumps</c>.</summary>
internal static class PythonText
{
    public static string Str(object? value) => value switch
    {
        string text => text,
        JinjaUndefined => "",
        _ => Repr(value),
    };

    public static string Repr(object? value) => value switch
    {
        null => "None",
        true => "True",
        false => "False",
        string text => Quote(text),
        double number => Float(number),
        IEnumerable<KeyValuePair<string, object?>> map => $"{{{string.Join(", ", map.Select(m => $"{Quote(m.Key)}: {Repr(m.Value)}"))}}}",
        IEnumerable<object?> list => $"[{string.Join(", ", list.Select(Repr))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"<{JinjaValue.TypeName(value)}>",
    };

    /// <summary>As <c>json.dumps(value, ensure_ascii=False, indent=indent)</c>.</summary>
    public static string Json(object? value, int? indent = null, int depth = 0)
    {
        var (open, separator, close) = indent is { } width
            ? ("\n" + new string(' ', width * (depth + 1)), ",\n" + new string(' ', width * (depth + 1)), "\n" + new string(' ', width * depth))
            : ("", ", ", "");
        return value switch
        {
            null or JinjaUndefined => "null",
            true => "true",
            false => "false",
            string text => JsonString(text),
            IReadOnlyCollection<object?> { Count: 0 } => "[]",
            OrderedDictionary<string, object?> { Count: 0 } => "{}",
            OrderedDictionary<string, object?> map => $"{{{open}{string.Join(separator, map.Select(m => $"{JsonString(m.Key)}: {Json(m.Value, indent, depth + 1)}"))}{close}}}",
            IEnumerable<object?> list => $"[{open}{string.Join(separator, list.Select(i => Json(i, indent, depth + 1)))}{close}]",
            _ => Repr(value),
        };
    }

    static string Float(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e");
        return double.IsFinite(value) && !text.AsSpan().ContainsAny('.', 'e') ? text + ".0" : text;
    }

    static string Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var c in text)
            quoted.Append(c == quote || c == '\\' ? $"\\{c}" : c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", < ' ' or '\u007f' => $"\\x{(int)c:x2}", _ => c.ToString() });
        return quoted.Append(quote).ToString();
    }

    static string JsonString(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            quoted.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\b' => "\\b", '\f' => "\\f", < ' ' => $"\\u{(int)c:x4}", _ => c.ToString() });
        return quoted.Append('"').ToString();
    }
}
