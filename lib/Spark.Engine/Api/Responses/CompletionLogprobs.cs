using System.Text.Json;

namespace Spark.Engine;

/// <summary>Writes the log probabilities of a completions choice in OpenAI's legacy shape: parallel lists.</summary>
/// <param name="tokenizer">Names the tokens.</param>
/// <param name="asTokenIds">Whether to name them <c>token_id:7</c>, which no decoding can blur.</param>
internal sealed class CompletionLogprobs(Tokenizer tokenizer, bool asTokenIds)
{
    /// <param name="json">In an object.</param>
    /// <param name="positions">The choice's tokens, or a chunk's.</param>
    /// <param name="textOffset">Where the first one's text begins, in characters.</param>
    public void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogprobs> positions, int textOffset)
    {
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("text_offset"u8);
        foreach (var position in positions)
        {
            json.WriteNumberValue(textOffset);
            textOffset += Characters(Name(position.Token));
        }
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs"u8);
        foreach (var position in positions)
            json.WriteNumberValue(JsonValues.Logprob(position.Logprob));
        json.WriteEndArray();
        json.WriteStartArray("tokens"u8);
        foreach (var position in positions)
            json.WriteStringValue(Name(position.Token));
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs"u8);
        foreach (var position in positions)
            WriteTop(json, position);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Code points, as Python counts them.</summary>
    public static int Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);

    // Tokens that decode to the same text share a key, and the last one's value is the one that stays.
    void WriteTop(Utf8JsonWriter json, TokenLogprobs position)
    {
        OrderedDictionary<string, float> byName = [];
        foreach (var (token, logprob) in position.Candidates())
            byName[Name(token)] = logprob;
        json.WriteStartObject();
        foreach (var (name, logprob) in byName)
            json.WriteNumber(name, JsonValues.Logprob(logprob));
        json.WriteEndObject();
    }

    string Name(int token) => asTokenIds ? $"token_id:{token}" : tokenizer.TokenText(token);
}
