namespace Spark.Notebooks;

/// <summary>A recorded sweep over load, by rising concurrency.</summary>
public sealed record RecordedSweep(string Machine, IReadOnlyList<RecordedLoad> Points, Provenance Provenance);
