namespace Spark.Engine;

/// <summary>Why a request ended; the names on the wire are these in lower case.</summary>
public enum FinishReason
{
    Stop,
    Length,
    Abort,
    Error,
}
