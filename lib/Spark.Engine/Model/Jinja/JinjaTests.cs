namespace Spark.Engine;

/// <summary>What may stand after <c>is</c>.</summary>
internal static class JinjaTests
{
    public static readonly IReadOnlyDictionary<string, Func<object?, JinjaArguments, bool>> All = new Dictionary<string, Func<object?, JinjaArguments, bool>>
    {
        ["defined"] = (value, _) => value is not JinjaUndefined,
        ["undefined"] = (value, _) => value is JinjaUndefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is string,
        ["mapping"] = (value, _) => value is OrderedDictionary<string, object?>,
        ["sequence"] = (value, _) => value is string or List<object?> or OrderedDictionary<string, object?>,
        ["iterable"] = (value, _) => value is string or List<object?> or OrderedDictionary<string, object?> or JinjaUndefined,
        ["number"] = (value, _) => value is long or double or bool,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["callable"] = (value, _) => value is JinjaCallable,
        ["odd"] = (value, _) => value is long number && number % 2 != 0,
        ["even"] = (value, _) => value is long number && number % 2 == 0,
        ["divisibleby"] = (value, args) => value is long number && args.Integer(0, "num") is not (null or 0) and var by && number % by == 0,
        ["in"] = (value, args) => JinjaValue.Contains(args.Get(0, "seq"), value),
        ["eq"] = Equal,
        ["equalto"] = Equal,
        ["=="] = Equal,
        ["ne"] = (value, args) => !Equal(value, args),
        ["gt"] = (value, args) => JinjaValue.Compare(value, args.Get(0, "other")) > 0,
        ["ge"] = (value, args) => JinjaValue.Compare(value, args.Get(0, "other")) >= 0,
        ["lt"] = (value, args) => JinjaValue.Compare(value, args.Get(0, "other")) < 0,
        ["le"] = (value, args) => JinjaValue.Compare(value, args.Get(0, "other")) <= 0,
    };

    static bool Equal(object? value, JinjaArguments args) => JinjaValue.AreEqual(value, args.Get(0, "other"));
}
