namespace Spark.Notebooks;

/// <summary>How a <see cref="RoutedRequest"/> ended.</summary>
public enum RoutedOutcome
{
    /// <summary>The client got a backend's whole answer, an error answer included.</summary>
    Completed,

    /// <summary>The client went away first.</summary>
    ClientGone,

    /// <summary>The client got the gateway's own error, or a broken answer.</summary>
    Failed,

    /// <summary>The client got a 429, as too many requests were in flight.</summary>
    Rejected,
}
