namespace Spark.Engine;

/// <summary>Repetition penalty over prompt and output (Keskar et al. 2019); presence and frequency penalties over the output, as the OpenAI API defines them.</summary>
internal static class Penalties
{
    public static void Apply(Request request, Span<float> logits)
    {
        var sampling = request.Sampling;
        if (sampling is { RepetitionPenalty: 1, PresencePenalty: 0, FrequencyPenalty: 0 })
            return;
        var tokens = request.Tokens.Span;
        var repetition = sampling.RepetitionPenalty;
        foreach (var token in new HashSet<int>(tokens.ToArray()))
            logits[token] = logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
        var counts = new Dictionary<int, int>();
        foreach (var token in tokens[request.PromptTokens..])
            counts[token] = counts.GetValueOrDefault(token) + 1;
        foreach (var (token, count) in counts)
            logits[token] -= sampling.FrequencyPenalty * count + sampling.PresencePenalty;
    }
}
