namespace Spark.Notebooks;

/// <summary>What the leg that answers did with a request, which decides who cleans up after it.</summary>
internal enum AnswerEnd
{
    /// <summary>A backend took it on, and cleans up even if the client goes.</summary>
    Taken,

    /// <summary>A backend found fault with it.</summary>
    Refused,

    /// <summary>A backend failed before it gave anything.</summary>
    Failed,

    /// <summary>No backend was sent it.</summary>
    Unsent,
}
