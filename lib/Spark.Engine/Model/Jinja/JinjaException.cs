namespace Spark.Engine;

/// <summary>A template that cannot be read or rendered; the message names the construct and its line, or is what the template itself raised.</summary>
public sealed class JinjaException(string message, int line = 0) : Exception(line > 0 ? $"chat template, line {line}: {message}" : message)
{
    /// <summary>Whether the message names a line already.</summary>
    internal bool HasLine { get; init; } = line > 0;
}
