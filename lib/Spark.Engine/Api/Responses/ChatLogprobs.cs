using System.Text;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>Writes the log probabilities of a chat choice in OpenAI's shape: one object for each token.</summary>
/// <param name="tokenizer">Names the tokens.</param>
/// <param name="asTokenIds">Whether to name them <c>token_id:7</c>.</param>
/// <param name="top">How many candidates to list for each.</param>
internal sealed class ChatLogprobs(Tokenizer tokenizer, bool asTokenIds, int top)
{
    public void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogprobs> positions)
    {
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("content"u8);
        foreach (var position in positions)
        {
            json.WriteStartObject();
            WriteToken(json, position.Token, position.Logprob, tokenizer.TokenText(position.Token));
            json.WriteStartArray("top_logprobs"u8);
            foreach (var (token, logprob) in position.Candidates().Take(top))
            {
                json.WriteStartObject();
                WriteToken(json, token, logprob, Name(token));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    void WriteToken(Utf8JsonWriter json, int token, float logprob, string bytesOf)
    {
        json.WriteString("token"u8, Name(token));
        json.WriteNumber("logprob"u8, JsonValues.Logprob(logprob));
        json.WriteStartArray("bytes"u8);
        foreach (var b in Encoding.UTF8.GetBytes(bytesOf))
            json.WriteNumberValue(b);
        json.WriteEndArray();
    }

    string Name(int token) => asTokenIds ? $"token_id:{token}" : tokenizer.TokenText(token);
}
