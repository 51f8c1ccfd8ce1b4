using System.Text;

namespace Spark.Engine;

/// <summary>Decodes one request's tokens as they come, holding back the bytes of an unfinished character; all it returns, put together, is what <see cref="Tokenizer.Decode"/> makes of the tokens.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="skipSpecialTokens">Whether special tokens leave no text. Byte-level vocabularies put no spaces between them, so spaces_between_special_tokens changes nothing.</param>
public sealed class IncrementalDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens)
{
    // A character has at most four bytes, and a token at least one.
    const int TokensOfACharacter = 3;

    readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Lets the prompt end within a character, as one given in token ids may.</summary>
    public void Prime(ReadOnlySpan<int> promptTokenIds)
    {
        foreach (var token in promptTokenIds[^Math.Min(TokensOfACharacter, promptTokenIds.Length)..])
            Push(token);
    }

    public string Push(int token) => Decode(tokenizer.Bytes(token, skipSpecialTokens), flush: false);

    /// <summary>What was still held back: U+FFFD, where the last character never came to its end.</summary>
    public string Finish() => Decode([], flush: true);

    string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> chars = stackalloc char[256];
        if (bytes.Length > chars.Length - 4)
            chars = new char[bytes.Length + 4];
        return new(chars[..decoder.GetChars(bytes, chars, flush)]);
    }
}
