namespace Spark.Engine;

/// <summary>A value that is no data and has attributes of its own.</summary>
internal interface IJinjaObject
{
    bool TryGet(string name, out object? value);
}
