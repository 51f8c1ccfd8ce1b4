namespace Spark.Kernel;

/// <summary>A cell that has ended: where the run stood then, how long it took, and its failure, even where it may fail.</summary>
internal sealed record CellReport(RunStatus Status, TimeSpan Elapsed, CellFailure? Failure);
