namespace Spark.Kernel;

/// <summary>A run cannot start: no notebooks, an unknown module. The message says what to do.</summary>
internal sealed class RunSetupException(string message) : Exception(message);
