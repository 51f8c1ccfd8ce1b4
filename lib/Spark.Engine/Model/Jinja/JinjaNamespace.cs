namespace Spark.Engine;

/// <summary>What <c>namespace()</c> makes: the one thing that a loop's body can change for those outside it.</summary>
internal sealed class JinjaNamespace : IJinjaObject
{
    public OrderedDictionary<string, object?> Values { get; } = [];

    public bool TryGet(string name, out object? value) => Values.TryGetValue(name, out value);
}
