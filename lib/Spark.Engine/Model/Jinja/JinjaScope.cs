namespace Spark.Engine;

/// <summary>The variables that a place in a template sees: its own, then those around it.</summary>
internal sealed class JinjaScope(JinjaScope? outer = null)
{
    readonly Dictionary<string, object?> values = [];

    public object? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.outer)
                if (scope.values.TryGetValue(name, out var value))
                    return value;
            return new JinjaUndefined(name);
        }
        set => values[name] = value;
    }

    readonly JinjaScope? outer = outer;
}
