namespace Spark.Engine;

/// <summary>Python's <c>value[start:stop:step]</c> for lists and strings.</summary>
internal static class JinjaSlice
{
    public static object? Take(object? value, object? start, object? stop, object? step)
    {
        var items = value is string or List<object?> ? JinjaValue.Items(value) : throw new JinjaException($"{JinjaValue.TypeName(value)} cannot be sliced");
        var stride = Bound(step) ?? 1;
        if (stride == 0)
            throw new JinjaException("a slice's step cannot be zero");
        var (low, high) = stride > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var from = Clamp(Bound(start), stride > 0 ? low : high);
        var to = Clamp(Bound(stop), stride > 0 ? high : low);
        List<object?> taken = [];
        for (var i = from; stride > 0 ? i < to : i > to; i += stride)
            taken.Add(items[(int)i]);
        return value is string ? string.Concat(taken) : taken;

        long Clamp(long? bound, long otherwise) => bound is { } b ? Math.Clamp(b < 0 ? b + items.Count : b, low, high) : otherwise;
    }

    static long? Bound(object? value) => value switch
    {
        null => null,
        long number => number,
        _ => throw new JinjaException($"a slice needs integers, not {JinjaValue.TypeName(value)}"),
    };
}
