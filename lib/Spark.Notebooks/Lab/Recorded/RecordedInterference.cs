namespace Spark.Notebooks;

/// <summary>Recorded times of a step that decodes a batch and computes a prefill chunk besides, by rising <see cref="RecordedStep.Tokens"/> of the chunk; the first has none.</summary>
public sealed record RecordedInterference(string Machine, IReadOnlyList<RecordedStep> Steps, Provenance Provenance);
