namespace Spark.Notebooks;

/// <summary>The repeats at one number of tokens.</summary>
/// <param name="Tokens">Prompt length, or context length in the middle of the measured gaps.</param>
/// <param name="Repeats">One request each.</param>
/// <param name="Latency">A value a request, in ms.</param>
public sealed record SweepPoint(int Tokens, IReadOnlyList<RequestTimeline> Repeats, Distribution Latency);
