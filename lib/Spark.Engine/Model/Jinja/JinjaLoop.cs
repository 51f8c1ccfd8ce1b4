namespace Spark.Engine;

/// <summary>The <c>loop</c> variable of a for block.</summary>
internal sealed class JinjaLoop(IReadOnlyList<object?> items) : IJinjaObject
{
    public int Index { get; set; }

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "index" => Index + 1L,
            "index0" => (long)Index,
            "revindex" => (long)items.Count - Index,
            "revindex0" => items.Count - Index - 1L,
            "first" => Index == 0,
            "last" => Index == items.Count - 1,
            "length" => (long)items.Count,
            "previtem" => Index > 0 ? items[Index - 1] : new JinjaUndefined("loop.previtem"),
            "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new JinjaUndefined("loop.nextitem"),
            "cycle" => (JinjaCallable)(args => args.Positional[Index % args.Positional.Count]),
            _ => this,
        };
        return value != this;
    }
}
