using System.Buffers;
using System.Text;

namespace Spark.Engine;

/// <summary>Text to token ids and back, as a Hugging Face <c>tokenizer.json</c> with byte-level BPE says; safe for any number of threads.</summary>
public sealed class Tokenizer
{
    readonly AddedTokenSplitter addedTokens;
    readonly IReadOnlyList<PreTokenizer> preTokenizers;
    readonly BytePairEncoder encoder;
    readonly IReadOnlyList<int> prefix;
    readonly IReadOnlyList<int> suffix;
    readonly string?[] pieces;
    readonly byte[]?[] bytes;
    readonly HashSet<int> special;

    internal Tokenizer(TokenizerFile file, IReadOnlyDictionary<string, string> specialTokens)
    {
        addedTokens = new(file.AddedTokens);
        preTokenizers = file.PreTokenizers;
        encoder = new(file.Vocabulary, file.Merges, file.IgnoreMerges);
        (prefix, suffix) = (file.Prefix, file.Suffix);
        special = [.. file.AddedTokens.Where(t => t.Special).Select(t => t.Id)];
        SpecialTokens = specialTokens;

        pieces = new string[1 + file.Vocabulary.Select(v => v.Value).Concat(file.AddedTokens.Select(t => t.Id)).Max()];
        foreach (var (piece, id) in file.Vocabulary)
            pieces[id] = piece;
        foreach (var token in file.AddedTokens)
            pieces[token.Id] = token.Content;
        bytes = [.. pieces.Select(p => p is null ? null : ByteAlphabet.Decode(p))];
        EosTokenId = specialTokens.TryGetValue("eos_token", out var eos) && Array.IndexOf(pieces, eos) is >= 0 and var eosId ? eosId : null;
    }

    /// <summary>One more than the highest token id.</summary>
    public int VocabSize => pieces.Length;

    /// <summary>The texts that tokenizer_config.json names, such as <c>bos_token</c>.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; }

    /// <summary>The tokenizer's own end of text, which a response does not name as its stop reason.</summary>
    public int? EosTokenId { get; }

    /// <exception cref="ModelFormatException">Names the file and the field that is missing, malformed or of a kind this tokenizer does not know.</exception>
    public static Tokenizer Load(string modelDirectory) => new(TokenizerFile.Load(modelDirectory), TokenizerConfig.SpecialTokens(modelDirectory));

    /// <summary>Added tokens in the text become their ids, special or not; what is no valid UTF-16 counts as U+FFFD.</summary>
    public int[] Encode(string text, bool addSpecialTokens)
    {
        List<int> ids = addSpecialTokens ? [.. prefix] : [];
        foreach (var (part, token) in addedTokens.Split(Valid(text)))
        {
            if (token is not null)
                ids.Add(token.Id);
            else
                foreach (var piece in preTokenizers.Aggregate((IEnumerable<string>)[part], (cut, step) => cut.SelectMany(step.Split)))
                    encoder.Encode(piece, ids);
        }
        if (addSpecialTokens)
            ids.AddRange(suffix);
        return [.. ids];
    }

    /// <summary>Ids outside the vocabulary are left out; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(IReadOnlyList<int> tokens, bool skipSpecialTokens)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
            buffer.Write(Bytes(token, skipSpecialTokens));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>One token decoded by itself, as log probabilities name it.</summary>
    public string TokenText(int token) => Encoding.UTF8.GetString(Bytes(token, skipSpecialTokens: false));

    /// <summary>The token as the vocabulary writes it (<c>Ġking</c>), or null outside it.</summary>
    public string? Piece(int token) => (uint)token < (uint)pieces.Length ? pieces[token] : null;

    internal ReadOnlySpan<byte> Bytes(int token, bool skipSpecialTokens) =>
        (uint)token >= (uint)bytes.Length || skipSpecialTokens && special.Contains(token) ? [] : bytes[token];

    static string Valid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsSurrogatePair(text, i++))
                return string.Concat(text.EnumerateRunes());
        }
        return text;
    }
}
