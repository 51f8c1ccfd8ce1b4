namespace Spark.Kernel;

/// <summary>Frames that are no message of Jupyter's protocol, or that nobody with the connection's key has signed.</summary>
internal sealed class MessageFormatException(string message, Exception? inner = null) : Exception(message, inner);
