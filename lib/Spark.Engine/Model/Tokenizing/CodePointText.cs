using System.Globalization;
using System.Text;

namespace Spark.Engine;

/// <summary>
/// Text whose characters are whole code points, for regexes written for such: .NET's see surrogate halves, which are neither letters nor numbers.
/// Every character beyond the basic plane is shadowed by one of it that is of the same kind.
/// </summary>
internal readonly struct CodePointText
{
    readonly string text;
    readonly int[]? starts;

    public CodePointText(string text)
    {
        this.text = Shadow = text;
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            return;
        List<int> offsets = [];
        var shadow = new StringBuilder(text.Length);
        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets.Add(offset);
            offset += rune.Utf16SequenceLength;
            shadow.Append(rune.IsBmp ? (char)rune.Value : StandIn(rune));
        }
        starts = [.. offsets, offset];
        Shadow = shadow.ToString();
    }

    /// <summary>One UTF-16 unit a code point.</summary>
    public string Shadow { get; }

    /// <summary>The text under a range of the shadow.</summary>
    public string Slice(int from, int to) => starts is null ? text[from..to] : text[starts[from]..starts[to]];

    static char StandIn(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => 'À',
        UnicodeCategory.LowercaseLetter => 'à',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => 'ª',
        UnicodeCategory.DecimalDigitNumber => '٠',
        UnicodeCategory.LetterNumber => 'ᛮ',
        UnicodeCategory.OtherNumber => '²',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        _ => '☀',
    };
}
