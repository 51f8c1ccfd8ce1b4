namespace Spark.Notebooks;

/// <summary>A machine could not be reached, or refused, or is not to be trusted; the message says what to do.</summary>
public sealed class NodeConnectionException(string node, string reason, Exception? inner = null) : IOException($"{node}: {reason}", inner);
