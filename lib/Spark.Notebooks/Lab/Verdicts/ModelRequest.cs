namespace Spark.Notebooks;

/// <summary>A request to a <see cref="ServingModel"/>: when it is due, its lengths in tokens, and how much of its prompt is computed already.</summary>
internal sealed record ModelRequest(int Index, TimeSpan At, int Prompt, int Output)
{
    public int Cached { get; init; }
}
