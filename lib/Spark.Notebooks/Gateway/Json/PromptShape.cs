using System.Text.Json;

namespace Spark.Notebooks;

/// <summary>What can be told from a completion's prompt without a tokenizer: how many prompts it holds, and how many tokens the one has if it comes as token ids.</summary>
internal readonly record struct PromptShape(int Prompts, int? Tokens, ReadOnlyMemory<byte> Text)
{
    /// <param name="prompt">A string, a list of strings, a list of token ids, or a list of lists of them.</param>
    public static PromptShape Read(ReadOnlyMemory<byte> prompt)
    {
        var span = prompt.Span;
        if (span is not [(byte)'[', ..])
            return new(1, null, prompt);
        if (span[1..].IndexOfAny("\"[{"u8) < 0)
            return new(1, CountFlat(span), default);

        using var list = JsonDocument.Parse(prompt);
        var first = list.RootElement[0];
        return new(list.RootElement.GetArrayLength(),
            first.ValueKind is JsonValueKind.Array ? first.GetArrayLength() : null,
            first.ValueKind is JsonValueKind.String ? JsonBytes(first) : default);
    }

    /// <summary>How many numbers there are in a list, or in a list of lists.</summary>
    public static int CountNumbers(ReadOnlySpan<byte> list)
    {
        var reader = new Utf8JsonReader(list);
        var count = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.Number)
                count++;
        }

        return count;
    }

    // [1, 2, 3]: known to be JSON, so that counting commas will do.
    static int CountFlat(ReadOnlySpan<byte> list) => list[1..^1].ContainsAnyExcept(" \t\r\n"u8) ? list.Count((byte)',') + 1 : 0;

    static byte[] JsonBytes(JsonElement element) => JsonSerializer.SerializeToUtf8Bytes(element);
}
