namespace Spark.Engine;

/// <summary>Makes sampling parameters of a request's fields, with the checks and the words of vLLM's SamplingParams.</summary>
internal static class SamplingRules
{
    const double LowestTemperature = 0.01;
    const int MostSequences = 16384;

    /// <param name="fields">What the request says.</param>
    /// <param name="defaults">What holds where it says nothing.</param>
    /// <param name="maxTokens">Cut to the context already.</param>
    /// <param name="logprobs">Alternatives to report; null reports none.</param>
    /// <param name="limits">The model's vocabulary and end tokens.</param>
    /// <param name="mostLogprobs">The bound on <paramref name="logprobs"/>.</param>
    /// <exception cref="ApiException">Names the parameter and its range.</exception>
    public static SamplingParams Apply(GenerationFields fields, GenerationDefaults defaults, long maxTokens, long? logprobs, IEngine limits, int mostLogprobs)
    {
        var temperature = fields.Temperature ?? defaults.Temperature;
        if (temperature is > 0 and < LowestTemperature)
            temperature = LowestTemperature;
        var (topP, topK, minP) = (fields.TopP ?? defaults.TopP, fields.TopK ?? defaults.TopK, fields.MinP ?? defaults.MinP);
        var repetitionPenalty = fields.RepetitionPenalty ?? defaults.RepetitionPenalty;

        Check(fields.N >= 1, "n must be at least 1", fields.N);
        Check(fields.N <= MostSequences, $"n must be at most {MostSequences}", fields.N);
        Check(fields.PresencePenalty is >= -2 and <= 2, "presence_penalty must be in [-2, 2]", fields.PresencePenalty);
        Check(fields.FrequencyPenalty is >= -2 and <= 2, "frequency_penalty must be in [-2, 2]", fields.FrequencyPenalty);
        Check((float)repetitionPenalty > 0, "repetition_penalty must be greater than zero", repetitionPenalty);
        Check(temperature >= 0, "temperature must be non-negative", temperature);
        Check(topP is > 0 and <= 1, "top_p must be in (0, 1]", topP);
        Check(topK >= -1, "top_k must be 0 (disable), or at least 1", topK);
        Check(minP is >= 0 and <= 1, "min_p must be in [0, 1]", minP);
        Check(maxTokens >= 1, "max_tokens must be at least 1", maxTokens);
        Check(fields.MinTokens >= 0, "min_tokens must be greater than or equal to 0", fields.MinTokens);
        Check(fields.MinTokens <= maxTokens, $"min_tokens must be less than or equal to max_tokens={maxTokens}", fields.MinTokens);
        if (fields.Stop.Contains(""))
            throw ApiException.BadRequest("stop cannot contain an empty string.");
        if (temperature == 0)
            Check(fields.N == 1, "n must be 1 when using greedy sampling", fields.N);
        var asked = logprobs == -1 ? limits.VocabSize : logprobs;
        if (asked > mostLogprobs)
            throw ApiException.BadRequest($"Requested sample logprobs of {asked}, which is greater than max allowed: {mostLogprobs}");

        return new()
        {
            Temperature = (float)Math.Min(temperature, float.MaxValue),
            TopP = temperature == 0 ? 1 : (float)topP,
            TopK = temperature == 0 || topK == -1 ? 0 : (int)Math.Min(topK, limits.VocabSize),
            MinP = temperature == 0 ? 0 : (float)minP,
            Seed = fields.Seed == -1 ? null : fields.Seed,
            RepetitionPenalty = (float)repetitionPenalty,
            PresencePenalty = (float)fields.PresencePenalty,
            FrequencyPenalty = (float)fields.FrequencyPenalty,
            MaxTokens = (int)maxTokens,
            MinTokens = (int)fields.MinTokens,
            IgnoreEos = fields.IgnoreEos,
            // The model can produce no other.
            StopTokenIds = [.. fields.StopTokenIds.Where(t => t >= 0 && t < limits.VocabSize).Select(t => (int)t)],
            Logprobs = (int?)asked,
        };
    }

    static void Check(bool holds, string rule, object got)
    {
        if (!holds)
            throw ApiException.BadRequest($"{rule}, got {PythonText.Repr(got)}.");
    }
}
