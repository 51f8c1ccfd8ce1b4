namespace Spark.Notebooks;

/// <summary>A measurement was given up because a request failed; the message has the server's own words.</summary>
public sealed class LoadException(string what, RequestTimeline failed)
    : Exception($"{what} was given up: request {failed.Index} ({failed.PromptTokens} prompt tokens, {failed.RequestedTokens} to generate) on {failed.Node} failed: {failed.Error}");
