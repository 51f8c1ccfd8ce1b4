namespace Spark.Notebooks;

/// <summary>One line of a Prometheus exposition: a metric's name, its labels and its value.</summary>
internal sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
