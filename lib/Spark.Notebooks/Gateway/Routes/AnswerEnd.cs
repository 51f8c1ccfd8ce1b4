namespace Spark.Notebooks;

/// <summary>What the leg that answers did with a request, which decides who cleans up after it.</summary>
internal enum AnswerEnd
{
    /// <summary>A backend took it on, and cleans up even if the client goes.</summary>
    Taken,

    /// <summary>A backend refused it, or failed before it gave anything.</summary>
    Refused,

    /// <summary>No backend was sent it.</summary>
    Unsent,
}
