using System.Globalization;

namespace Spark.Engine;

/// <summary>Python's methods of strings, lists and dicts, as far as chat templates call them.</summary>
internal static class JinjaMethods
{
    public static JinjaCallable? Find(object? value, string name) => value switch
    {
        string text => OfString(text, name),
        OrderedDictionary<string, object?> map => OfMap(map, name),
        List<object?> list => OfList(list, name),
        _ => null,
    };

    static JinjaCallable? OfString(string text, string name) => name switch
    {
        "strip" => args => text.Trim(Characters(args, text)),
        "lstrip" => args => text.TrimStart(Characters(args, text)),
        "rstrip" => args => text.TrimEnd(Characters(args, text)),
        "split" => args => Split(text, args.Text(0, "sep"), args.Integer(1, "maxsplit") ?? -1),
        "rsplit" => args => RightSplit(text, args.RequiredText(0, "sep"), args.Integer(1, "maxsplit") ?? -1),
        "splitlines" => _ => Strings(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')),
        "startswith" => args => Candidates(args).Any(c => text.StartsWith(c, StringComparison.Ordinal)),
        "endswith" => args => Candidates(args).Any(c => text.EndsWith(c, StringComparison.Ordinal)),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" => _ => text.ToLowerInvariant(),
        "title" => _ => Title(text),
        "capitalize" => _ => Capitalize(text),
        "replace" => args => Replace(text, args.RequiredText(0, "old"), args.RequiredText(1, "new"), args.Integer(2, "count") ?? -1),
        "find" => args => (long)text.IndexOf(args.RequiredText(0, "sub"), StringComparison.Ordinal),
        "rfind" => args => (long)text.LastIndexOf(args.RequiredText(0, "sub"), StringComparison.Ordinal),
        "count" => args => (long)(text.Split(args.RequiredText(0, "sub")).Length - 1),
        "join" => args => string.Join(text, JinjaValue.Items(args.Get(0, "iterable")).Select(PythonText.Str)),
        "isdigit" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isspace" => _ => text.Length > 0 && string.IsNullOrWhiteSpace(text),
        _ => null,
    };

    static JinjaCallable? OfMap(OrderedDictionary<string, object?> map, string name) => name switch
    {
        "items" => _ => Items(map),
        "keys" => _ => Strings(map.Keys),
        "values" => _ => map.Values.ToList(),
        "get" => args => args.Get(0, "key") is string key && map.TryGetValue(key, out var value) ? value : args.Get(1, "default"),
        _ => null,
    };

    static JinjaCallable? OfList(List<object?> list, string name) => name switch
    {
        "index" => args => list.FindIndex(i => JinjaValue.AreEqual(i, args.Get(0, "value"))) is >= 0 and var at
            ? (long)at
            : throw new JinjaException($"{PythonText.Repr(args.Get(0, "value"))} is not in the list"),
        "count" => args => (long)list.Count(i => JinjaValue.AreEqual(i, args.Get(0, "value"))),
        _ => null,
    };

    public static List<object?> Items(OrderedDictionary<string, object?> map) => [.. map.Select(m => new List<object?> { m.Key, m.Value })];

    public static string Capitalize(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant());

    public static string Replace(string text, string old, string replacement, long count)
    {
        if (count < 0)
            return old.Length == 0 ? throw new JinjaException("'replace' needs a text to look for") : text.Replace(old, replacement, StringComparison.Ordinal);
        return string.Join(replacement, text.Split(old, (int)count + 1));
    }

    static char[] Characters(JinjaArguments args, string text) => args.Text(0, "chars") is { } characters ? characters.ToCharArray() : [.. text.Where(char.IsWhiteSpace).Distinct()];

    static IEnumerable<string> Candidates(JinjaArguments args) => args.Get(0, "prefix") is List<object?> several ? several.OfType<string>() : [args.RequiredText(0, "prefix")];

    static List<object?> Split(string text, string? separator, long most)
    {
        if (separator is null)
            return Strings(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Strings(most < 0 ? text.Split(separator) : text.Split(separator, (int)most + 1));
    }

    static List<object?> RightSplit(string text, string separator, long most)
    {
        var parts = text.Split(separator);
        return most < 0 || parts.Length <= most + 1
            ? Strings(parts)
            : Strings([string.Join(separator, parts[..^(int)most]), .. parts[^(int)most..]]);
    }

    static List<object?> Strings(IEnumerable<string> texts) => [.. texts];
}
