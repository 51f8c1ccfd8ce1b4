namespace Spark.Engine;

/// <summary>KV that could not be had from another engine; the message names that engine and what it said, or did not say.</summary>
internal sealed class KvTransferException(string message, Exception? inner = null) : Exception(message, inner);
