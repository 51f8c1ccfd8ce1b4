namespace Spark.Notebooks;

/// <summary>One request to send: its prompt as token ids, and the number of output tokens asked for.</summary>
public sealed record PromptRequest(IReadOnlyList<int> PromptTokenIds, int OutputTokens);
