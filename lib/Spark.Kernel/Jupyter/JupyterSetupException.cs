namespace Spark.Kernel;

/// <summary>The kernel cannot be started or installed; the message says why and what to do.</summary>
internal sealed class JupyterSetupException(string message, Exception? inner = null) : Exception(message, inner);
