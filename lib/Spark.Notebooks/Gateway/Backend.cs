namespace Spark.Notebooks;

/// <summary>A server that a <see cref="Gateway"/> may send requests to: its name in reports, such as the node's, and its base address.</summary>
public sealed record Backend(string Name, Uri Address);
