namespace Spark.Engine;

/// <summary>The operators of expressions, with Python's results.</summary>
internal static class JinjaArithmetic
{
    public static object? Apply(string op, object? left, object? right) => (op, left, right) switch
    {
        ("~", _, _) => PythonText.Str(left) + PythonText.Str(right),
        ("+", string a, string b) => a + b,
        ("+", List<object?> a, List<object?> b) => (List<object?>)[.. a, .. b],
        ("*", string a, long n) => string.Concat(Enumerable.Repeat(a, (int)Math.Max(0, n))),
        ("+", long a, long b) => a + b,
        ("-", long a, long b) => a - b,
        ("*", long a, long b) => a * b,
        ("//" or "%" or "/", long or double, 0L or 0d) => throw new JinjaException("division by zero"),
        ("//", long a, long b) => (a - Modulo(a, b)) / b,
        ("%", long a, long b) => Modulo(a, b),
        ("**", long a, long b and >= 0) => (long)Math.Pow(a, b),
        _ when JinjaValue.Number(left) is { } a && JinjaValue.Number(right) is { } b => Apply(op, a, b),
        _ => throw new JinjaException($"'{op}' does not apply to {JinjaValue.TypeName(left)} and {JinjaValue.TypeName(right)}"),
    };

    static double Apply(string op, double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => Math.Floor(a / b),
        "%" => a - Math.Floor(a / b) * b,
        "**" => Math.Pow(a, b),
        _ => throw new JinjaException($"'{op}' is no operator"),
    };

    // The remainder takes the divisor's sign.
    static long Modulo(long a, long b) => (a % b + b) % b;
}
