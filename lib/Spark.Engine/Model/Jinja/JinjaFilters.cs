using System.Globalization;

namespace Spark.Engine;

/// <summary>What may stand after <c>|</c>.</summary>
internal static class JinjaFilters
{
    public static readonly IReadOnlyDictionary<string, Func<object?, JinjaArguments, object?>> All = new Dictionary<string, Func<object?, JinjaArguments, object?>>
    {
        ["capitalize"] = (value, _) => JinjaMethods.Capitalize(PythonText.Str(value)),
        ["count"] = (value, _) => Length(value),
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = (value, _) => JinjaMethods.Items(JinjaValue.Map(Map(value).OrderBy(m => m.Key, StringComparer.OrdinalIgnoreCase))),
        ["first"] = (value, _) => JinjaValue.Items(value) is [var first, ..] ? first : new JinjaUndefined("first"),
        ["float"] = (value, _) => Parsed(value) ?? 0.0,
        ["indent"] = Indent,
        ["int"] = (value, _) => (long)(Parsed(value) ?? 0),
        ["items"] = (value, _) => value is JinjaUndefined ? new List<object?>() : JinjaMethods.Items(Map(value)),
        ["join"] = (value, args) => string.Join(PythonText.Str(args.Get(0, "d", "")), Attributes(value, args.Text(1, "attribute")).Select(PythonText.Str)),
        ["last"] = (value, _) => JinjaValue.Items(value) is [.., var last] ? last : new JinjaUndefined("last"),
        ["length"] = (value, _) => Length(value),
        ["list"] = (value, _) => JinjaValue.Items(value).ToList(),
        ["lower"] = (value, _) => PythonText.Str(value).ToLowerInvariant(),
        ["map"] = Map,
        ["reject"] = (value, args) => JinjaValue.Items(value).Where(i => !Selected(i, args, 0)).ToList(),
        ["rejectattr"] = (value, args) => JinjaValue.Items(value).Where(i => !Selected(JinjaValue.Item(i, args.Get(0, "attribute")), args, 1)).ToList(),
        ["replace"] = (value, args) => JinjaMethods.Replace(PythonText.Str(value), args.RequiredText(0, "old"), args.RequiredText(1, "new"), args.Integer(2, "count") ?? -1),
        ["reverse"] = (value, _) => value is string text ? string.Concat(JinjaValue.Items(text).AsEnumerable().Reverse()) : JinjaValue.Items(value).AsEnumerable().Reverse().ToList(),
        ["safe"] = (value, _) => value,
        ["select"] = (value, args) => JinjaValue.Items(value).Where(i => Selected(i, args, 0)).ToList(),
        ["selectattr"] = (value, args) => JinjaValue.Items(value).Where(i => Selected(JinjaValue.Item(i, args.Get(0, "attribute")), args, 1)).ToList(),
        ["string"] = (value, _) => PythonText.Str(value),
        ["title"] = (value, _) => JinjaMethods.Title(PythonText.Str(value)),
        ["tojson"] = (value, args) => PythonText.Json(value, (int?)args.Integer(0, "indent")),
        ["trim"] = (value, args) => JinjaMethods.Find(PythonText.Str(value), "strip")!(args),
        ["upper"] = (value, _) => PythonText.Str(value).ToUpperInvariant(),
    };

    static object? Default(object? value, JinjaArguments args) =>
        value is JinjaUndefined || args.Flag(1, "boolean") && !JinjaValue.IsTrue(value) ? args.Get(0, "default_value", "") : value;

    static long Length(object? value) => value is JinjaUndefined ? 0 : JinjaValue.Items(value).Count;

    static string Indent(object? value, JinjaArguments args)
    {
        var margin = args.Get(0, "width") is string text ? text : new string(' ', (int)(args.Integer(0, "width") ?? 4));
        var lines = PythonText.Str(value).Split('\n');
        return string.Join('\n', lines.Select((line, i) => (i == 0 ? args.Flag(1, "first") : line.Length > 0 || args.Flag(2, "blank")) ? margin + line : line));
    }

    static List<object?> Map(object? value, JinjaArguments args)
    {
        if (args.Named.TryGetValue("attribute", out var attribute))
            return JinjaValue.Items(value).Select(i => JinjaValue.Item(i, attribute) is JinjaUndefined none ? args.Named.GetValueOrDefault("default", none) : JinjaValue.Item(i, attribute)).ToList();
        var filter = Find(args.RequiredText(0, "filter"));
        return JinjaValue.Items(value).Select(i => filter(i, args with { Positional = [.. args.Positional.Skip(1)] })).ToList();
    }

    static bool Selected(object? value, JinjaArguments args, int testAt)
    {
        if (args.Text(testAt, "test") is not { } name)
            return JinjaValue.IsTrue(value);
        return JinjaTests.All.TryGetValue(name, out var test)
            ? test(value, args with { Positional = [.. args.Positional.Skip(testAt + 1)] })
            : throw new JinjaException($"there is no test '{name}' here");
    }

    static IEnumerable<object?> Attributes(object? value, string? attribute) =>
        attribute is null ? JinjaValue.Items(value) : JinjaValue.Items(value).Select(i => JinjaValue.Item(i, attribute));

    static OrderedDictionary<string, object?> Map(object? value) =>
        value as OrderedDictionary<string, object?> ?? throw new JinjaException($"a mapping is needed, not {JinjaValue.TypeName(value)}");

    static double? Parsed(object? value) => value is string text
        ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null
        : JinjaValue.Number(value);

    public static Func<object?, JinjaArguments, object?> Find(string name) =>
        All.GetValueOrDefault(name) ?? throw new JinjaException($"there is no filter '{name}' here");
}
