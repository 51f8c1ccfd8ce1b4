namespace Spark.Engine;

/// <summary>What a name stands for that nobody has set: empty as text, false as a condition, an error as soon as something is asked of it.</summary>
internal sealed record JinjaUndefined(string Name);
