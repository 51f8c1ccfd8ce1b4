namespace Spark.Notebooks;

/// <summary>What an answer to an exercise came to.</summary>
public enum Outcome
{
    NoAnswer,
    Wrong,
    KnownMistake,
    Right,
}
