namespace Spark.Engine;

/// <summary>A function, method or macro as templates call it.</summary>
internal delegate object? JinjaCallable(JinjaArguments arguments);

/// <summary>The arguments of one call or filter.</summary>
internal sealed record JinjaArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static readonly JinjaArguments None = new([], new Dictionary<string, object?>());

    public object? Get(int position, string name, object? otherwise = null) =>
        position < Positional.Count ? Positional[position] : Named.GetValueOrDefault(name, otherwise);

    public string? Text(int position, string name) => Get(position, name) switch
    {
        null => null,
        string text => text,
        var other => throw new JinjaException($"{name} must be a string, not {JinjaValue.TypeName(other)}"),
    };

    public string RequiredText(int position, string name) => Text(position, name) ?? throw new JinjaException($"{name} is missing");

    public long? Integer(int position, string name) => Get(position, name) switch
    {
        null => null,
        long number => number,
        var other => throw new JinjaException($"{name} must be an integer, not {JinjaValue.TypeName(other)}"),
    };

    public bool Flag(int position, string name) => JinjaValue.IsTrue(Get(position, name, false));
}
