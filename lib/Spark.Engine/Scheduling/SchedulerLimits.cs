namespace Spark.Engine;

/// <summary>The scheduler's knobs, by vLLM's names.</summary>
/// <param name="MaxNumBatchedTokens">Tokens a step may compute.</param>
/// <param name="MaxNumSeqs">Requests that may run at once.</param>
/// <param name="MaxModelLen">Tokens a request may have, prompt and output together.</param>
public sealed record SchedulerLimits(int MaxNumBatchedTokens, int MaxNumSeqs, int MaxModelLen);
