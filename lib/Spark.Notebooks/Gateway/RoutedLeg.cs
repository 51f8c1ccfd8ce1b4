namespace Spark.Notebooks;

/// <summary>One request to one backend on behalf of a <see cref="RoutedRequest"/>.</summary>
public sealed record RoutedLeg
{
    /// <summary><c>prefill</c>, <c>decode</c>, <c>serve</c> where one backend does both, or <c>release</c> where a decode instance fetches what nobody waits for any more, so that the prefill instance lets go of it.</summary>
    public required string Role { get; init; }

    /// <summary>The backend's name.</summary>
    public required string Backend { get; init; }

    /// <summary>Since the request's arrival.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>From <see cref="Start"/> to the end of the backend's answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>From <see cref="Start"/> to the first byte of the answer's body; null where none came.</summary>
    public TimeSpan? FirstByte { get; init; }

    /// <summary>The backend's HTTP status; null where it did not answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why it ended early; null where it did not.</summary>
    public string? Error { get; init; }
}
