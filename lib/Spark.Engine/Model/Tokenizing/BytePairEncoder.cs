using System.Text;
using Microsoft.ML.Tokenizers;

namespace Spark.Engine;

/// <summary>Byte-level BPE of one pre-tokenized piece.</summary>
internal sealed class BytePairEncoder
{
    readonly BpeTokenizer merger;

    // Microsoft.ML.Tokenizers has no ignore_merges: a piece that is a token by itself is looked up here first.
    readonly Dictionary<string, int>? wholePieces;

    /// <exception cref="ModelFormatException">A merge comes twice, or one of its tokens is not in the vocabulary.</exception>
    public BytePairEncoder(IReadOnlyCollection<KeyValuePair<string, int>> vocabulary, IReadOnlyCollection<string> merges, bool ignoreMerges)
    {
        try
        {
            merger = BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = merges, ByteLevel = true });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ModelFormatException($"tokenizer.json: 'model.merges' and 'model.vocab' do not fit together: {e.Message}");
        }
        if (ignoreMerges)
            wholePieces = new(vocabulary);
    }

    public void Encode(string piece, List<int> ids)
    {
        if (wholePieces is not null && wholePieces.TryGetValue(ByteAlphabet.Encode(Encoding.UTF8.GetBytes(piece)), out var id))
            ids.Add(id);
        else
            ids.AddRange(merger.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false));
    }
}
