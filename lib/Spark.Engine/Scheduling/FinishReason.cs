namespace Spark.Engine;

/// <summary>Why a request ended; the names on the wire are these in lower case.</summary>
public enum FinishReason
{
    Stop,
    Length,
    Abort,
    Error,
}

internal static class FinishReasons
{
    public static string OnTheWire(this FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Abort => "abort",
        _ => "error",
    };
}
