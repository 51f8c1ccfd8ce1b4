namespace Spark.Engine;

/// <summary>A request's life on the engine's clock (<see cref="TimeProvider.GetTimestamp"/> ticks), with vLLM's boundaries: queue ends when first scheduled, prefill ends at the first token.</summary>
public readonly record struct RequestTimes(long Queued, long Scheduled, long FirstToken, long LastToken);
