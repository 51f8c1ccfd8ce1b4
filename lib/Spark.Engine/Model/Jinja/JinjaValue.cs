using System.Collections;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>What templates compute with: null, bool, long, double, string, lists and string-keyed maps, with Python's rules.</summary>
internal static class JinjaValue
{
    public static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? (object)integer : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.Object => Map(json.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, FromJson(m.Value)))),
        _ => null,
    };

    public static OrderedDictionary<string, object?> Map(IEnumerable<KeyValuePair<string, object?>> members)
    {
        OrderedDictionary<string, object?> map = [];
        foreach (var (name, value) in members)
            map[name] = value;
        return map;
    }

    public static string TypeName(object? value) => value switch
    {
        null => "None",
        JinjaUndefined undefined => $"undefined '{undefined.Name}'",
        bool => "bool",
        long => "int",
        double => "float",
        string => "str",
        OrderedDictionary<string, object?> => "dict",
        IList => "list",
        JinjaCallable => "function",
        _ => value.GetType().Name,
    };

    public static bool IsTrue(object? value) => value switch
    {
        null or JinjaUndefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        ICollection items => items.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) or (JinjaUndefined, JinjaUndefined) => true,
        (string a, string b) => a == b,
        (OrderedDictionary<string, object?> a, OrderedDictionary<string, object?> b) =>
            a.Count == b.Count && a.All(m => b.TryGetValue(m.Key, out var other) && AreEqual(m.Value, other)),
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        _ when Number(left) is { } a && Number(right) is { } b => a == b,
        _ => ReferenceEquals(left, right),
    };

    public static int Compare(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        _ when Number(left) is { } a && Number(right) is { } b => a.CompareTo(b),
        _ => throw new JinjaException($"{TypeName(left)} and {TypeName(right)} have no order"),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        string text => item is string part ? text.Contains(part, StringComparison.Ordinal) : throw new JinjaException($"'in' a string needs a string, not {TypeName(item)}"),
        OrderedDictionary<string, object?> map => item is string key && map.ContainsKey(key),
        _ => Items(container).Any(i => AreEqual(i, item)),
    };

    /// <summary>The elements of a list, the characters of a string, the keys of a map.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        string text => [.. text.EnumerateRunes().Select(r => r.ToString())],
        OrderedDictionary<string, object?> map => [.. map.Keys],
        JinjaUndefined => [],
        _ => throw new JinjaException($"{TypeName(value)} is not iterable"),
    };

    public static object? Attribute(object? value, string name) => value switch
    {
        JinjaUndefined undefined => throw new JinjaException($"'{undefined.Name}' is undefined, and has no '{name}'"),
        IJinjaObject o => o.TryGet(name, out var found) ? found : new JinjaUndefined(name),
        _ when JinjaMethods.Find(value, name) is { } method => method,
        OrderedDictionary<string, object?> map when map.TryGetValue(name, out var found) => found,
        _ => new JinjaUndefined(name),
    };

    public static object? Item(object? value, object? key) => (value, key) switch
    {
        (JinjaUndefined undefined, _) => throw new JinjaException($"'{undefined.Name}' is undefined, and has no element {PythonText.Repr(key)}"),
        (OrderedDictionary<string, object?> map, string name) when map.TryGetValue(name, out var found) => found,
        (List<object?> list, long index) => Within(list.Count, index) is { } at ? list[at] : new JinjaUndefined($"element {index}"),
        (string text, long index) => Within(text.Length, index) is { } at ? text[at].ToString() : new JinjaUndefined($"character {index}"),
        (_, string name) => Attribute(value, name),
        _ => new JinjaUndefined(PythonText.Str(key)),
    };

    public static double? Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    static int? Within(int count, long index) => index < 0 && index >= -count ? (int)(index + count) : index >= 0 && index < count ? (int)index : null;
}
