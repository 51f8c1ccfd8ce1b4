namespace Spark.Notebooks;

/// <summary>One engine: its node, the run id that it was started with and serves as a model name, and its own address.</summary>
public sealed record EngineAddress(string Node, string RunId, Uri Address);
