using System.Text;
using CsCheck;

namespace Spark.Engine.Tests;

public class MergingBytePairs
{
    // Tokens grow out of earlier ones; their ranks are then shuffled, so that a late merge can come before an early one.
    static readonly Gen<(string[] Tokens, (string Left, string Right)[] Merges)> Vocabulary =
        from pairs in Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[0, 12]
        from ranks in Gen.Int[0, 1000].Array[pairs.Length]
        select Grow(pairs, ranks);

    static readonly Gen<string> Piece = Any.Of("a", "b", "c", "é", " ", "日").Array[1, 16].Select(string.Concat);

    [Theory, InlineData(false), InlineData(true)]
    public void Pieces_merge_as_the_definition_says(bool ignoreMerges) =>
        Gen.Select(Vocabulary, Piece.Array[1, 8]).Sample((vocabulary, pieces) =>
        {
            var tokens = TokenizerJson.Bytes.Concat(vocabulary.Tokens).ToArray();
            var tokenizer = TokenizerJson.Load(TokenizerJson.Document(tokens, vocabulary.Merges.Select(m => $"{m.Left} {m.Right}"), ignoreMerges));
            var naive = new NaiveBpe(tokens.Select((t, i) => (t, i)).ToDictionary(), vocabulary.Merges, ignoreMerges);
            // A token's own text is where merges and ignore_merges may differ.
            var tokenTexts = vocabulary.Tokens.Select(t => Encoding.UTF8.GetString(ByteAlphabet.Decode(t))).Where(t => !t.Contains('\ufffd'));
            return pieces.Concat(tokenTexts).All(p => tokenizer.Encode(p, false).SequenceEqual(naive.Encode(p)));
        }, iter: 1000);

    static (string[], (string, string)[]) Grow((int Left, int Right)[] pairs, int[] ranks)
    {
        List<string> known = [.. new[] { "a", "b", "c", "é", " ", "日" }.SelectMany(s => ByteAlphabet.Encode(Encoding.UTF8.GetBytes(s))).Select(c => c.ToString()).Distinct()];
        var bytes = known.Count;
        List<(string, string)> merges = [];
        foreach (var (left, right) in pairs)
        {
            var merge = (known[left % known.Count], known[right % known.Count]);
            if (known.Contains(merge.Item1 + merge.Item2))
                continue;
            merges.Add(merge);
            known.Add(merge.Item1 + merge.Item2);
        }
        return ([.. known.Skip(bytes)], [.. merges.Zip(ranks).OrderBy(m => m.Second).Select(m => m.First)]);
    }
}
