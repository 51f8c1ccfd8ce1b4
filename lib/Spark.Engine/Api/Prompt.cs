namespace Spark.Engine;

/// <summary>A prompt as the engine gets it.</summary>
/// <param name="Text">What echo repeats; null where the prompt came as token ids.</param>
/// <param name="TokenIds">Special tokens included.</param>
internal sealed record Prompt(string? Text, int[] TokenIds)
{
    /// <summary>vLLM's last look at a prompt before it goes to the engine.</summary>
    /// <exception cref="ApiException">The prompt is empty, too long, or holds a token that the model does not have.</exception>
    public void Check(IEngine engine)
    {
        if (TokenIds.Length == 0)
            throw ApiException.BadRequest("The decoder prompt cannot be empty");
        if (TokenIds.Max() is var highest && highest >= engine.VocabSize)
            throw ApiException.BadRequest($"Token id {highest} is out of vocabulary");
        if (TokenIds.Min() is var lowest && lowest < 0)
            throw ApiException.BadRequest($"Token id {lowest} is out of vocabulary");
        if (TokenIds.Length >= engine.MaxModelLen)
            throw ApiException.BadRequest(
                $"The decoder prompt (length {TokenIds.Length}) plus the number of requested output tokens (at least 1) is longer than the maximum model length of {engine.MaxModelLen}. "
                + "Make sure that `max_model_len` is no smaller than the number of text tokens (prompt + requested output tokens).");
    }
}
