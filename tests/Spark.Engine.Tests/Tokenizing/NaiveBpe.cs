using System.Text;

namespace Spark.Engine.Tests;

/// <summary>Byte-level BPE as it is defined, with no regard for speed: merge the pair of lowest rank, the leftmost of equals, until none is left.</summary>
internal sealed class NaiveBpe(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, bool ignoreMerges)
{
    public List<int> Encode(string piece)
    {
        var word = ByteAlphabet.Encode(Encoding.UTF8.GetBytes(piece));
        if (ignoreMerges && vocabulary.TryGetValue(word, out var whole))
            return [whole];
        var symbols = word.Select(c => c.ToString()).ToList();
        while (true)
        {
            var best = (Rank: int.MaxValue, At: -1);
            for (var i = 0; i + 1 < symbols.Count; i++)
                for (var rank = 0; rank < merges.Count; rank++)
                    if (merges[rank] == (symbols[i], symbols[i + 1]) && rank < best.Rank)
                        best = (rank, i);
            if (best.At < 0)
                return [.. symbols.Select(s => vocabulary[s])];
            symbols[best.At] += symbols[best.At + 1];
            symbols.RemoveAt(best.At + 1);
        }
    }
}
