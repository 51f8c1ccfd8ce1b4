namespace Spark.Notebooks;

/// <summary>An engine did not come up; the message says why, and what it last wrote.</summary>
public sealed class EngineStartException(string node, string reason, OutputLog log)
    : Exception($"{node}: the engine did not start: {reason}.{LastLines(log)}\nAll of its output: {log.Path}")
{
    static string LastLines(OutputLog log) => string.Concat(log.Lines.TakeLast(15).Select(line => $"\n  {line}"));
}
