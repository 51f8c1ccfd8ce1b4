using System.Text.RegularExpressions;

namespace Spark.Engine;

/// <summary>One step of a <c>pre_tokenizer</c>: cuts a piece of text into smaller ones, over which no merge reaches.</summary>
/// <param name="pattern">What isolates a piece.</param>
/// <param name="dropGaps">Whether text between matches is thrown away (behavior Removed with invert), not kept as a piece.</param>
/// <param name="prefixSpace">Whether a piece that does not begin with a space gets one first.</param>
internal sealed class PreTokenizer(Regex? pattern, bool dropGaps = false, bool prefixSpace = false)
{
    /// <summary>The splitting that GPT-2's ByteLevel does by itself.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public IEnumerable<string> Split(string piece)
    {
        if (prefixSpace && !piece.StartsWith(' '))
            piece = ' ' + piece;
        return pattern is null ? [piece] : Cut(piece);
    }

    List<string> Cut(string piece)
    {
        List<string> pieces = [];
        var text = new CodePointText(piece);
        var gapFrom = 0;
        foreach (var match in pattern!.EnumerateMatches(text.Shadow))
        {
            if (match.Length == 0)
                continue;
            AddGap(match.Index);
            pieces.Add(text.Slice(match.Index, gapFrom = match.Index + match.Length));
        }
        AddGap(text.Shadow.Length);
        return pieces;

        void AddGap(int end)
        {
            if (end > gapFrom && !dropGaps)
                pieces.Add(text.Slice(gapFrom, end));
        }
    }
}
