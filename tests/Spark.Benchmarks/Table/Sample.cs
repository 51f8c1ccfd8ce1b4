namespace Spark.Benchmarks;

/// <summary>One measurement and the ceiling measured next to it, in the same unit.</summary>
readonly record struct Sample(double Value, double? Ceiling = null);
