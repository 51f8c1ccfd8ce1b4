namespace Spark.Engine;

/// <summary>Natural-log probabilities at one output position, taken from the raw logits before any sampling transform, as vLLM's default <c>raw_logprobs</c>.</summary>
/// <param name="Token">The chosen token.</param>
/// <param name="Logprob">Its log probability.</param>
/// <param name="Rank">Its rank, 1 for the most likely.</param>
/// <param name="Top">The most likely tokens, best first; as many as were asked for.</param>
public sealed record TokenLogprobs(int Token, float Logprob, int Rank, IReadOnlyList<(int Token, float Logprob)> Top);
