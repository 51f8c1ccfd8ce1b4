namespace Spark.Engine;

/// <summary>The engine's thread has stopped on an error that no request caused; <c>/health</c> answers 503 from then on.</summary>
public sealed class EngineDeadException(Exception inner) : Exception($"The engine stopped: {inner.Message}", inner);
