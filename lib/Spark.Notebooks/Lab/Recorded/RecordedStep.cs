namespace Spark.Notebooks;

/// <summary>A recorded step time: the median in ms, with the lowest and the highest. Tokens are a prefill's; batch and context a decode step's.</summary>
public sealed record RecordedStep(int Tokens, int Batch, int Context, double MedianMs, double LowestMs, double HighestMs);
