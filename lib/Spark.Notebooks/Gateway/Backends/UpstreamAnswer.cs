namespace Spark.Notebooks;

/// <summary>A backend's whole answer.</summary>
internal sealed record UpstreamAnswer(int Status, string ContentType, byte[] Body);
